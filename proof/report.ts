import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SOMETIMES } from './processes/round-result';

const cell = z.strictObject({
  hits: z.int(),
  voids: z.int(),
  violations: z.int(),
  lastSeed: z.int(),
  /** How often the first request stood so at the end. */
  outcomes: z.record(z.string(), z.int()),
  /** The commit at which it was played last; of before this was written down it does not say. */
  commit: z.string().optional(),
});
export type CellCount = z.infer<typeof cell>;

const recovery = z.strictObject({
  what: z.string(),
  targetMs: z.int(),
  measuredMs: z.int(),
  runs: z.int(),
  note: z.string().optional(),
});
export type Recovery = z.infer<typeof recovery>;

/** What a run of the proof, or several merged ones, has seen. */
export const reportSchema = z.strictObject({
  version: z.literal(1),
  parts: z.array(
    z.strictObject({
      command: z.string(),
      /** With a plus where the sources were changed since. */
      commit: z.string(),
      seed: z.int(),
      startedAt: z.iso.datetime(),
      wallMs: z.int(),
      node: z.string(),
      cores: z.int(),
      /** Rounds of tier 2 that it judged; parts of before this was written down do not say. */
      rounds: z.int().optional(),
    }),
  ),
  rounds: z.strictObject({
    played: z.int(),
    passed: z.int(),
    violated: z.int(),
    void: z.int(),
    broken: z.int(),
    /** Of rounds whose faults heal: how many there were, and how many ended as asked. */
    healing: z.int(),
    succeeded: z.int(),
    production: z.int(),
  }),
  /** `window|fault|operation`; a sweep counts as `rest`, `rpc` or `poll`. */
  cells: z.record(z.string(), cell),
  /** `operation kind moment fault` to the number of calls that were visited; the next index did not fire. */
  sweeps: z.record(z.string(), z.int()),
  sometimes: z.partialRecord(z.enum(SOMETIMES), z.int()),
  violations: z.array(
    z.strictObject({ plan: z.string(), seed: z.int(), checks: z.array(z.string()), because: z.string() }),
  ),
  /** Rounds that count for nothing, each with its reason: see `set-aside.ts`. */
  setAside: z
    .array(z.strictObject({ plan: z.string(), because: z.string(), isOfProduct: z.boolean().default(false) }))
    .default([]),
  /** Counts of the tiers without processes: schedules, states, whatever they call them. */
  tiers: z.record(z.string(), z.record(z.string(), z.number())),
  recovery: z.array(recovery),
});
export type Report = z.infer<typeof reportSchema>;

/** The report that `docs/proof.md` is made of. */
export const CHECKED_IN = join(__dirname, 'results', 'report.json');

export const emptyReport = (): Report => ({
  version: 1,
  parts: [],
  rounds: {
    played: 0,
    passed: 0,
    violated: 0,
    void: 0,
    broken: 0,
    healing: 0,
    succeeded: 0,
    production: 0,
  },
  cells: {},
  sweeps: {},
  sometimes: {},
  violations: [],
  setAside: [],
  tiers: {},
  recovery: [],
});

export function writeReport(folder: string, report: Report): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'report.json');
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}

export const readReport = (path: string): Report =>
  reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
