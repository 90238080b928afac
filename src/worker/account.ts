import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PasswordUnusable, type Account } from '../vsphere';

/** What a file or variable holds: the text to use and what is odd about it, or why it cannot be used. */
type Held = { readonly text: string; readonly oddities: readonly string[] } | { readonly refusal: string };

const LINE_END = /\r?\n$/;
const QUOTED = /^(?:'.*'|".*"|“.*”|‘.*’)$/s;
const BOM = /^\uFEFF/;

/**
 * Reads a user name or password as editors and shells leave it. Only what certainly does not belong to it is cut: a byte
 * order mark and one line end. All else is used as it is, and named where it is probably a mistake.
 */
function heldText(bytes: Buffer): Held {
  const isUtf16 = /^(?:fffe|feff)/.test(bytes.subarray(0, 2).toString('hex')) || bytes.includes(0);
  if (isUtf16) return { refusal: 'is UTF-16: save it as UTF-8' };
  const whole = bytes.toString('utf8');
  if (!Buffer.from(whole, 'utf8').equals(bytes)) return { refusal: 'is no UTF-8: save it as UTF-8' };
  const text = whole.replace(BOM, '').replace(LINE_END, '');
  if (text.trim() === '') return { refusal: 'is empty: put the text into it' };
  return { text, oddities: oddities(text) };
}

const oddities = (text: string): readonly string[] => [
  ...(/[\r\n]/.test(text) ? ['holds a line break'] : []),
  ...(/^[^\S\r\n]/.test(text) ? ['begins with a blank'] : []),
  ...(/[^\S\r\n]$/.test(text) ? ['ends with a blank'] : []),
  ...(QUOTED.test(text) ? ['is in quotes'] : []),
];

interface Given {
  readonly username: string;
  readonly password?: string | undefined;
  readonly passwordFile?: string | undefined;
}

/** The account of a connection, with one clause for each oddity. Adds a problem for each part that cannot be used. */
export function readAccount(
  { username, password = '', passwordFile }: Given,
  called: (key: string) => string,
  problems: string[],
): Account & { readonly warnings: readonly string[] } {
  const name = heldText(Buffer.from(username, 'utf8'));
  const secret =
    passwordFile === undefined ? heldText(Buffer.from(password, 'utf8')) : heldByFile(passwordFile);
  const secretKey = called(passwordFile === undefined ? 'password' : 'passwordFile');
  const parts = [
    [called('username'), name],
    [passwordFile === undefined ? secretKey : `the file of ${secretKey}`, secret],
  ] as const;
  for (const [key, held] of parts) if ('refusal' in held) problems.push(`${key} ${held.refusal}.`);
  return {
    username: usable(name),
    // Read at every login, so that a rotated password needs no restart.
    password: passwordFile === undefined ? usable(secret) : () => passwordOfFile(passwordFile),
    warnings: parts.flatMap(([key, held]) =>
      'refusal' in held ? [] : held.oddities.map((oddity) => `${key} ${oddity}`),
    ),
  };
}

/** Another check names a file that cannot be read. */
function heldByFile(path: string): Held {
  try {
    return heldText(readFileSync(path));
  } catch {
    return { text: '', oddities: [] };
  }
}

const usable = (held: Held): string => ('refusal' in held ? '' : held.text);

/** What the file holds by now may have become unusable: no login is spent on it. */
async function passwordOfFile(path: string): Promise<string> {
  const held = heldText(await readFile(path));
  if ('refusal' in held) throw new PasswordUnusable(held.refusal);
  return held.text;
}
