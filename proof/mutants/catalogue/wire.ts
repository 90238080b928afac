import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards between the product and a server that is not what it should be. */
export const WIRE: readonly Mutant[] = [
  mutant(
    'endless login',
    [
      'HostCalls',
      '    return this.#attempt(attempt);\n  }\n\n  async #attempt',
      '    return this.#readTwice(attempt);\n  }\n\n  async #attempt',
    ],
    [test('unit/vsphere/sessions.test.ts', 'without a third login')],
  ),
  mutant(
    'refused logins are repeated at once',
    ['REFUSED_LOGIN_PAUSE_MS', 'const REFUSED_LOGIN_PAUSE_MS = 60_000;', 'const REFUSED_LOGIN_PAUSE_MS = 0;'],
    [test('unit/vsphere/sessions.test.ts', 'a refused login is repeated')],
  ),
  mutant(
    'a session that a gateway ended is kept',
    ['isForeign', 'errorType === undefined', 'errorType !== undefined'],
    [test('unit/vsphere/ended-sessions.test.ts', 'one question, one new login')],
  ),
  mutant(
    'a session is replaced although nothing denied it',
    ['SessionAuthentication', "if (standing !== 'denied') {", "if (standing === 'held') {"],
    [test('unit/vsphere/ended-sessions.test.ts', 'replaces nothing')],
  ),
  mutant(
    'a session that never worked is asked about',
    ['SessionAuthentication', '!this.#hasWorked || ', ''],
    [test('unit/vsphere/ended-sessions.test.ts', 'never worked')],
  ),
  mutant(
    'a session that was not denied is asked about again at once',
    ['ASK_PAUSE_MS', 'const ASK_PAUSE_MS = 60_000;', 'const ASK_PAUSE_MS = 0;'],
    [test('unit/vsphere/ended-sessions.test.ts', 'asked about once a minute')],
  ),
  mutant(
    'denied sessions are replaced once a minute for ever',
    [
      'SessionAuthentication',
      'return Math.min(2 * last.pauseMs, LONGEST_REPLACE_PAUSE_MS);',
      'return FIRST_REPLACE_PAUSE_MS;',
    ],
    [test('unit/vsphere/ended-sessions.test.ts', 'double their pauses')],
  ),
  mutant(
    'a session that ended in its own time counts as denied',
    ['SessionAuthentication', '!last || nowMs - last.atMs >= 2 * last.pauseMs', '!last'],
    [test('unit/vsphere/ended-sessions.test.ts', 'a session that lasted')],
  ),
  mutant(
    'a password goes to whatever answers',
    ['ReleaseAuthentication', '    await recognize(requestId);\n', '    void recognize;\n'],
    [test('unit/vsphere/release-8.test.ts', 'is told no password')],
  ),
  mutant(
    'any refusal of the first look hides a release',
    ['applianceVersion', 'if (HIDING.has(kind)) return', 'if (HIDING.has(kind) || status > 0) return'],
    [test('unit/vsphere/release-8.test.ts', 'is told no password')],
  ),
  mutant(
    "a gateway's 404 leads to an assertion",
    ['ReleaseAuthentication', 'status === 404 && errorType', 'status === 404 || errorType'],
    [test('unit/vsphere/release-8.test.ts', 'leads to no assertion')],
  ),
  mutant(
    'a password file of UTF-16 is sent',
    ['heldText', 'if (isUtf16) return', 'if (isUtf16 && bytes.length === 0) return'],
    [test('unit/config/account.test.ts', 'by the time of a login')],
  ),
  mutant(
    'blanks of a password are cut',
    ['heldText', ".replace(LINE_END, '')", '.trimEnd()'],
    [test('unit/config/account.test.ts', 'is used as it is')],
  ),
  mutant(
    'an unusable password is sent at a login',
    [
      'passwordOfFile',
      "if ('refusal' in held) throw new PasswordUnusable(held.refusal);",
      "if ('refusal' in held) return '';",
    ],
    [test('unit/config/account.test.ts', 'by the time of a login')],
  ),
  mutant(
    'a request id of any length',
    ['parseRequestId', 'if (id.length <= most) return', 'if (most > 0) return'],
    [test('unit/request/parse.test.ts', 'over 255 characters')],
  ),
  mutant(
    'doctor asks about its own queue alone',
    ['otherQueues', 'return queues.slice(1);', 'return queues.slice(MOST_OTHER_QUEUES);'],
    [test('workflow/doctor/temporal.test.ts', 'found from the new queue')],
  ),
  mutant(
    'token in a message',
    ['CallFailure', 'redact(refusal.serverText, this.secrets)', 'redact(refusal.serverText, [])'],
    [test('unit/vsphere/call-errors.test.ts', 'a server text that repeats a secret')],
  ),
  mutant(
    'a redirect read as an answer',
    ['readReply', 'if (status >= 300 && status < 400)', 'if (status >= 300 && status < 300)'],
    [test('unit/vsphere/call-errors.test.ts', 'fails without an effect and is not repeated')],
  ),
  mutant(
    'a call that is given up is closed, not reset',
    ['ExchangeHandler', '    if (this.#status === 0) this.limits.reset?.();\n', ''],
    [test('unit/vsphere/change-calls.test.ts', 'is reset, so that no byte of it arrives later')],
  ),
  mutant(
    'no body limit',
    [
      'ExchangeHandler',
      'if (this.#bytes <= this.limits.maxReplyBytes) {',
      'if (this.#bytes <= this.limits.maxReplyBytes || this.#bytes > 0) {',
    ],
    [test('unit/vsphere/call-errors.test.ts', 'a reply larger than the cap')],
  ),
  mutant(
    "a gateway's answer refuses",
    ['serverRefusal', "return { kind: 'interrupted' };", "return { kind: 'forbidden' };"],
    [test('unit/vsphere/gateway-answers.test.ts', 'may have had its effect and is sent once')],
  ),
  mutant(
    'an unlisted error type refuses',
    ['vapiRefusal', "?? 'server-error'", "?? 'busy'"],
    [test('unit/vsphere/call-errors.test.ts', 'a start answered')],
  ),
  mutant(
    'SERVICE_UNAVAILABLE refuses a start',
    ['KIND_OF_ERROR_TYPE', "SERVICE_UNAVAILABLE: 'unavailable'", "SERVICE_UNAVAILABLE: 'busy'"],
    [test('unit/vsphere/call-errors.test.ts', 'a start answered')],
  ),
  mutant(
    'a list over its limit is a want of room',
    ['KIND_OF_MESSAGE', "  too_many_matches: 'too-many',\n", ''],
    [test('unit/vsphere/gateway-answers.test.ts', 'told apart from a want of room')],
  ),
  mutant(
    'a path that is not served is a missing object',
    ['KIND_OF_MESSAGE', "  httpNotFound: 'no-such-call',\n", ''],
    [test('unit/vsphere/gateway-answers.test.ts', 'is no missing object')],
  ),
  mutant(
    'a login is repeated at once after a 401 of a gateway',
    [
      'refusalToCall',
      "(kind === 'interrupted' && status === 401)",
      "(kind === 'interrupted' && status === 0)",
    ],
    [test('unit/vsphere/gateway-answers.test.ts', 'is not repeated within a minute')],
  ),
  mutant(
    'Retry-After has no bound',
    ['retryAfterMs', 'Math.min(waitMs, LONGEST_RETRY_AFTER_MS)', 'waitMs'],
    [test('unit/vsphere/gateway-answers.test.ts', 'asks for a pause of')],
  ),
  mutant(
    'Retry-After is ignored by reads',
    ['toFailure', 'Math.max(retryDelayMs(attempt), error.retryAfterMs ?? 0)', 'retryDelayMs(attempt)'],
    [test('unit/activities/to-failure.test.ts', 'answered with Retry-After')],
  ),
  mutant(
    'a compressed reply is read',
    ['readReply', 'if (reply.encoding !== undefined)', "if (reply.encoding === '')"],
    [test('unit/vsphere/odd-replies.test.ts', 'a compressed answer')],
  ),
  mutant(
    'a check of settings has numbers of its own',
    ['neededQuarantineMs', 'EFFECT_TIMES.visibleWithinMs', '15_000'],
    [test('unit/contract/needed-quarantine.test.ts', 'both checks and the page follow')],
  ),
  mutant(
    'what faults of VI/JSON say is dropped',
    ['faultRefusal', ', ...new Set(said)]', ']'],
    [test('unit/vsphere/odd-replies.test.ts', 'is told with its own words')],
  ),
  mutant(
    'who asks is not recorded',
    ['connectTemporal', 'identity: requester,', "identity: 'snapflow',"],
    [test('workflow/operator/requester.test.ts', 'names both in Temporal')],
  ),
];
