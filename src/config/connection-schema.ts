import { z } from 'zod';
import { DEFAULT_SETTINGS, HEARTBEAT_TIMEOUT_MS } from '../contract/settings';
import { DEFAULT_LIMITS } from './worker-config';

const DAY_MS = 24 * 3_600_000;

const whole = (most: number, what: string) => {
  const error = `give ${what} from 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
};
const ms = (most: number) => whole(most, 'whole milliseconds');

/** Each bound keeps a slip of the keyboard from making an operation wait for ever, or a start unsafe. */
const operation = z
  .strictObject(
    {
      startToCloseMs: ms(300_000).default(DEFAULT_SETTINGS.startToCloseMs),
      quarantineMs: ms(3_600_000).default(DEFAULT_SETTINGS.quarantineMs),
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

export type ConnectionInput = z.infer<typeof connectionSchema>;
