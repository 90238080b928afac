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
    ['applianceVersion', 'if (errorType !== undefined) return', "if (errorType !== 'X') return"],
    [test('unit/vsphere/release-8.test.ts', 'is told no password')],
  ),
  mutant(
    "a gateway's 404 leads to an assertion",
    ['ReleaseAuthentication', 'status === 404 && errorType', 'status === 404 || errorType'],
    [test('unit/vsphere/release-8.test.ts', 'leads to no assertion')],
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
];
