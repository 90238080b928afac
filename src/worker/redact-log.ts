import type { KnownSecrets } from './known-secrets';

/** Deeper than any log entry; a cycle ends there. */
const MAX_DEPTH = 8;
/** A field of this name is a credential whatever it holds. */
const SECRET_FIELD =
  /^(?:authorization|vmware-api-session-id|(?:api|private)[-_]?key|pass(?:word|wd)|secret|token|cookie)$/i;
/** What introduces a credential in a text: up to the end of its value. */
const SECRET_PATTERNS: readonly RegExp[] = [
  /(\btoken=\\*")[^"\\]+/gi,
  /((?:authorization|vmware-api-session-id)\\*["']?\s*[:=,]\s*\\*["']?(?:(?:basic|bearer|sign)\s+)?)(?!(?:basic|bearer|sign)\s)[^\s"'\\,}\]]+/gi,
  /(\b(?:basic|bearer)\s+)[\w.~+/-]{8,}=*/gi,
  /(<(?:\w+:)?Assertion\b)[^]*?(?:<\/(?:\w+:)?Assertion>|$)/gi,
];

/** The last line of defence: a log entry's value without known secrets and without what looks like one. */
export function redactLog(value: unknown, secrets: KnownSecrets, depth = 0): unknown {
  if (typeof value === 'string') return clean(value, secrets);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return value;
  if (typeof value !== 'object') return typeof value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return errorText(value, secrets, depth);
  if (value instanceof Uint8Array) return clean(Buffer.from(value).toString('utf8'), secrets);
  if (Array.isArray(value)) return value.map((each) => redactLog(each, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      clean(key, secrets),
      SECRET_FIELD.test(key) ? '[secret]' : redactLog(each, secrets, depth + 1),
    ]),
  );
}

/** An error has no own enumerable fields: its stack and its causes are what helps. */
function errorText(error: Error, secrets: KnownSecrets, depth: number): string {
  const own = clean(error.stack ?? error.message, secrets);
  if (error.cause === undefined) return own;
  const cause = redactLog(error.cause, secrets, depth + 1);
  return `${own}\ncaused by ${typeof cause === 'string' ? cause : JSON.stringify(cause)}`;
}

function clean(text: string, secrets: KnownSecrets): string {
  let masked = secrets.mask(text);
  for (const pattern of SECRET_PATTERNS) masked = masked.replaceAll(pattern, '$1[secret]');
  return masked;
}
