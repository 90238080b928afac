import { z } from 'zod';
import { DEFAULT_SETTINGS } from '../contract/settings';

const DAY_MS = 24 * 3_600_000;

const ms = (most: number, fallback: number) =>
  z.int().min(1).max(most, `expected milliseconds from 1 to ${most}`).default(fallback);

/** Each bound keeps a slip of the keyboard from making an operation wait for ever, or a start unsafe. */
const operation = z.strictObject({
  startToCloseMs: ms(300_000, DEFAULT_SETTINGS.startToCloseMs),
  quarantineMs: ms(3_600_000, DEFAULT_SETTINGS.quarantineMs),
  heartbeatTimeoutMs: ms(3_600_000, DEFAULT_SETTINGS.heartbeatTimeoutMs),
  maxUnknowns: z.int().min(1).max(10).default(DEFAULT_SETTINGS.maxUnknowns),
  startBudgetMs: ms(DAY_MS, DEFAULT_SETTINGS.startBudgetMs),
  waitBudgetMs: ms(7 * DAY_MS, DEFAULT_SETTINGS.waitBudgetMs),
});

const url = z.url({ protocol: /^https?$/, error: 'expected a URL such as https://vcenter.example' });
const word = z.string({ error: 'expected a text' }).min(1, 'expected a text that is not empty');

const thumbprintHint =
  'expected a SHA-256 of 64 hexadecimal digits, or {vcenter, appliance} with one for each host';
const sha256 = z.string().regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i);

/** One named connection of the configuration file. */
export const connectionSchema = z.strictObject({
  vcenterUrl: url,
  applianceUrl: url,
  username: word,
  password: word.optional(),
  passwordFile: word.optional(),
  caFile: word.optional(),
  thumbprint: z
    .union([sha256, z.strictObject({ vcenter: sha256, appliance: sha256 })], { error: thumbprintHint })
    .optional(),
  tlsVerify: z.boolean('expected true or false').optional(),
  operation: operation.prefault({}),
});

export type ConnectionInput = z.infer<typeof connectionSchema>;
