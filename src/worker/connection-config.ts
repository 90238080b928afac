import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AllowList } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_SETTINGS, HEARTBEAT_TIMEOUT_MS } from '../contract/operations';
import { checkSettings } from '../vsphere';
import { readAccount } from './account';
import { DEFAULT_LIMITS, type ConnectionConfig } from './config-types';

const DAY_MS = 24 * 3_600_000;

function whole(most: number, what: string) {
  const error = `give ${what} from 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
}
const ms = (most: number) => whole(most, 'whole milliseconds');

/** Each bound keeps a slip of the keyboard from making an operation wait for ever, or a start unsafe. */
const operation = z
  .strictObject(
    {
      startToCloseMs: ms(300_000).default(DEFAULT_SETTINGS.startToCloseMs),
      quarantineMs: ms(3_600_000).default(DEFAULT_SETTINGS.quarantineMs),
      lateCallMs: ms(3_600_000).default(DEFAULT_SETTINGS.lateCallMs),
      heartbeats: z
        .enum(['responsive', 'economical'], { error: 'give responsive or economical' })
        .default(DEFAULT_SETTINGS.heartbeats),
      heartbeatTimeoutMs: ms(3_600_000).optional(),
      maxUnknowns: whole(10, 'a whole number').default(DEFAULT_SETTINGS.maxUnknowns),
      startBudgetMs: ms(DAY_MS).default(DEFAULT_SETTINGS.startBudgetMs),
      waitBudgetMs: ms(7 * DAY_MS).default(DEFAULT_SETTINGS.waitBudgetMs),
    },
    { error: 'give a mapping of settings' },
  )
  .transform(({ heartbeatTimeoutMs, ...rest }) => ({
    ...rest,
    heartbeatTimeoutMs: heartbeatTimeoutMs ?? HEARTBEAT_TIMEOUT_MS[rest.heartbeats],
  }));

/** How much of the site one worker may ask. */
const limits = z.strictObject(
  {
    connections: whole(64, 'a whole number').optional(),
    callsPerSecond: whole(10_000, 'a whole number').optional(),
    checksAtOnce: whole(200, 'a whole number').default(DEFAULT_LIMITS.checksAtOnce),
    tasksInFlight: whole(2_000, 'a whole number').default(DEFAULT_LIMITS.tasksInFlight),
  },
  { error: 'give a mapping of limits' },
);

const url = z.url({ protocol: /^https?$/, error: 'give a URL like https://vcenter.example' });
const word = (what: string) => z.string({ error: `give ${what}` }).min(1, { error: `give ${what}` });

const DIGITS = 'give a SHA-256 of 64 hexadecimal digits';
const sha256 = z.string({ error: DIGITS }).regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, { error: DIGITS });

const names = z
  .array(word('a name, an id or a pattern'), { error: 'give a list of names' })
  .min(1, { error: 'give at least one name, or leave the key out to allow everything' })
  .optional();

const allow = z.strictObject(
  { clusters: names, folders: names, sources: names, clones: names },
  { error: 'give a mapping with clusters, folders, sources and clones' },
);

/** One named connection of the configuration file. Messages complete "KEY is VALUE: ". */
export const connectionSchema = z.strictObject(
  {
    vcenterUrl: url,
    applianceUrl: url,
    username: word('the user name as text'),
    password: word('the password as text, in quotes when it is a number').optional(),
    passwordFile: word('the path of a file').optional(),
    caFile: word('the path of a PEM file').optional(),
    thumbprint: z
      .union([sha256, z.strictObject({ vcenter: sha256, appliance: sha256 })], {
        error: `${DIGITS}, or a mapping with one for vcenter and one for appliance`,
      })
      .optional(),
    tlsVerify: z.boolean({ error: 'give true or false' }).optional(),
    operation: operation.prefault({}),
    limits: limits.prefault({}),
    allow: allow.prefault({}),
  },
  { error: 'give a mapping with vcenterUrl, applianceUrl, username and password or passwordFile' },
);

type ConnectionInput = z.infer<typeof connectionSchema>;

/** Where a connection is written, for messages. */
export interface Written {
  readonly name: string;
  /** How the configuration calls a key: a variable, or the path in the file. */
  readonly called: (key: string) => string;
}

/** Checks one connection. Every problem with it is added, one sentence each. */
export function readConnection(
  value: unknown,
  { name, called }: Written,
  problems: string[],
): readonly ConnectionConfig[] {
  problems.push(...passwordProblems(value, called));
  const parsed = connectionSchema.safeParse(value);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.flatMap((issue) => describe(issue, value, called)));
    return [];
  }
  const ca = certificates(parsed.data.caFile, called('caFile'), problems);
  const { warnings, ...account } = readAccount(parsed.data, called, problems);
  const vsphere = { name, ...account, ...vsphereSettings(parsed.data), ...omitUndefined({ ca }) };
  problems.push(...checkSettings(vsphere).map(({ field, why }) => `${called(field)} ${why}.`));
  const { operation, limits, allow } = parsed.data;
  const { checksAtOnce, tasksInFlight } = limits;
  const bounds = { checksAtOnce, tasksInFlight };
  return [{ vsphere, operation, limits: bounds, allow: allowOnly(allow), accountWarnings: warnings }];
}

/** An absent list is left out: with exact optional types an undefined one would be a value. */
const allowOnly = (allow: ConnectionInput['allow']): AllowList =>
  Object.fromEntries(Object.entries(allow).filter(([, names]) => names !== undefined));

const vsphereSettings = ({
  vcenterUrl,
  applianceUrl,
  thumbprint,
  tlsVerify,
  limits: { connections, callsPerSecond },
}: ConnectionInput) => ({
  vcenterUrl,
  applianceUrl,
  ...omitUndefined({ thumbprint, tlsVerify, maxConnections: connections, maxCallsPerSecond: callsPerSecond }),
});

function passwordProblems(value: unknown, called: (key: string) => string): readonly string[] {
  if (!isRecord(value)) return [];
  const { password, passwordFile } = value;
  if (password === undefined && passwordFile === undefined)
    return [`${called('password')} is missing: give it, or ${called('passwordFile')} instead.`];
  if (password !== undefined && passwordFile !== undefined)
    return [`${called('password')} and ${called('passwordFile')} are both set: give one of the two.`];
  if (typeof passwordFile !== 'string' || passwordFile === '') return [];
  // The path is not repeated, because it may be the password itself by mistake.
  const code = unreadable(passwordFile);
  return code === undefined
    ? []
    : [
        `${called('passwordFile')} names a file that cannot be read (${code}): correct the path or its permissions.`,
      ];
}

function certificates(path: string | undefined, key: string, problems: string[]): string | undefined {
  if (path === undefined) return undefined;
  const code = unreadable(path);
  if (code !== undefined) {
    problems.push(
      `${key} is "${path}", which cannot be read (${code}): correct the path or its permissions.`,
    );
    return undefined;
  }
  const pem = readFileSync(path, 'utf8');
  try {
    void new X509Certificate(pem);
    return pem;
  } catch {
    problems.push(`${key} is "${path}", which holds no certificate: give a PEM file.`);
    return undefined;
  }
}

function unreadable(path: string): string | undefined {
  try {
    readFileSync(path);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  }
}

function describe(
  issue: z.core.$ZodIssue,
  value: unknown,
  called: (key: string) => string,
): readonly string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => `${called([...path, key].join('.'))} is no key of a connection: correct its spelling.`,
    );
  const at = called(path.join('.'));
  const given = path.reduce<unknown>((within, key) => (isRecord(within) ? within[key] : undefined), value);
  if (given === undefined) return [`${at} is missing: ${issue.message}.`];
  return [`${at} ${shown(path[0] ?? '', given)}: ${issue.message}.`];
}

const QUOTABLE = ['vcenterUrl', 'applianceUrl', 'thumbprint', 'tlsVerify', 'operation', 'limits'];
const SHOWN_CHARACTERS = 80;

/** Nothing is quoted where a secret could stand: in a URL that is what is in front of an "@". */
function shown(key: string, given: unknown): string {
  const text = QUOTABLE.includes(key) && !isRecord(given) ? JSON.stringify(given) : '';
  return text === '' || text.includes('@') ? 'cannot be used' : `is ${text.slice(0, SHOWN_CHARACTERS)}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
