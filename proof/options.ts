import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run proof -- [options]

  --quick             every window with SIGKILL once, and the stored plans (the default)
  --night             every window with SIGKILL, the sweep and the matrix
  --part K/N          the K-th of N parts of the night set; reports are merged with --merge
  --recovery          measures how soon things go on with production settings
  --seed N            the same seed makes the same plans (default 1)
  --tier 0,1,2,3,4    tiers to run (default 2 with --quick and --night)
  --missing           only what the report that is checked in has not seen
  --stale             only what it has not seen at the commit that is checked out
  --rounds N          at most so many rounds of tier 2
  --minutes N         no round of tier 2 is begun later than that
  --schedules N       schedules of tier 1
  --only TEXT         only rounds whose id holds this text, for example matrix.clone.K12
  --parallel N        rounds side by side (default 4)
  --repeat PLAN.json  plays one round again
  --plan-list         prints the plans that would be played, and plays none
  --report DIR        where report, evidence and plans of failed rounds go (default: a temporary folder)
  --merge DIR…        merges the reports of folders into --report; fails while a whole night set misses something
  --document          writes docs/proof.md from proof/results/report.json`;

export interface ProofOptions {
  readonly mode: 'quick' | 'night' | 'recovery' | 'repeat' | 'merge' | 'document';
  readonly seed: number;
  readonly tiers: readonly number[];
  readonly part: { readonly index: number; readonly of: number };
  readonly rounds: number;
  readonly minutes: number;
  readonly missing: boolean;
  readonly stale: boolean;
  readonly schedules: number | undefined;
  readonly only: string;
  readonly parallel: number;
  readonly planListOnly: boolean;
  readonly report: string;
  /** The plan of --repeat, or the folders of --merge. */
  readonly files: readonly string[];
}

/** Something on the command line cannot be right. */
export class UsageError extends Error {}

export function parseOptions(argv: readonly string[]): ProofOptions {
  const { values, positionals } = parsed(argv);
  const seed = whole('--seed', values.seed ?? '1');
  return {
    mode: modeOf(values),
    seed,
    tiers: (values.tier ?? '2').split(',').map((tier) => whole('--tier', tier)),
    part: partOf(values.part ?? '1/1'),
    rounds: values.rounds === undefined ? Infinity : whole('--rounds', values.rounds),
    minutes: values.minutes === undefined ? Infinity : whole('--minutes', values.minutes),
    missing: values.missing === true,
    stale: values.stale === true,
    schedules: values.schedules === undefined ? undefined : whole('--schedules', values.schedules),
    only: values.only ?? '',
    parallel: whole('--parallel', values.parallel ?? '4'),
    planListOnly: values['plan-list'] === true,
    report: values.report ?? join(tmpdir(), `snapflow-proof-${seed}-${process.pid}`),
    files: values.repeat === undefined ? positionals : [values.repeat],
  };
}

const FLAGS = {
  quick: { type: 'boolean' },
  night: { type: 'boolean' },
  recovery: { type: 'boolean' },
  part: { type: 'string' },
  seed: { type: 'string' },
  tier: { type: 'string' },
  rounds: { type: 'string' },
  minutes: { type: 'string' },
  missing: { type: 'boolean' },
  stale: { type: 'boolean' },
  schedules: { type: 'string' },
  only: { type: 'string' },
  parallel: { type: 'string' },
  repeat: { type: 'string' },
  'plan-list': { type: 'boolean' },
  report: { type: 'string' },
  merge: { type: 'boolean' },
  document: { type: 'boolean' },
} as const;

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function modeOf(values: ReturnType<typeof parsed>['values']): ProofOptions['mode'] {
  const modes = (['quick', 'night', 'recovery', 'merge', 'document'] as const).filter((mode) => values[mode]);
  if (values.repeat !== undefined) return 'repeat';
  if (modes.length > 1) throw new UsageError(`--${modes.join(' and --')} exclude each other: give one.`);
  return modes[0] ?? 'quick';
}

function whole(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${flag} ${text} is no whole number.`);
  return Number(text);
}

function partOf(text: string): ProofOptions['part'] {
  const [, index = '', of = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (part.index < 1 || part.index > part.of)
    throw new UsageError(`--part ${text} is no part: give one like 1/4.`);
  return part;
}
