import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellKey } from './add-round';
import { commitOf, PROVEN } from './commit-of';
import { planSchema, type Plan } from './judge/evidence/plan';
import type { ProofOptions } from './options';
import { matrixPlans } from './processes/matrix';
import { packetPlans } from './processes/packet-rounds';
import { single, type Lane } from './processes/run-rounds';
import { sweepLanes } from './processes/sweep-lanes';
import { eachWindowOften, eachWindowOnce } from './processes/window-rounds';
import { CHECKED_IN, readReport, type Report } from './report';

const STORED = join(__dirname, 'plans');
/** With both operations each window is killed in ten times in every night set. */
const NIGHTLY_KILLS = 5;

/** A lane with a name, to be chosen by `--only` and dealt out to parts. */
export interface NamedLane {
  readonly name: string;
  readonly lane: Lane;
  /** Whether a report has seen what the lane is for; where a commit is named, at that one. */
  readonly isSeen: (report: Report, commit?: string) => boolean;
}

const named = (plan: Plan): NamedLane => ({
  name: plan.id,
  lane: single(plan),
  isSeen: ({ cells }, commit) => {
    const cell = cells[cellKey(plan.window ?? '', plan.fault, plan.operation)];
    if (commit !== undefined) return cell?.commit === commit;
    return (cell?.hits ?? 0) >= (plan.kind === 'window' ? NIGHTLY_KILLS : 1);
  },
});

/** The rounds of tier 2 for these options. */
export function roundsOfRun({
  mode,
  seed,
  part,
  only,
  files,
  missing,
  stale,
}: ProofOptions): readonly NamedLane[] {
  if (mode === 'repeat') return files.map((file) => named(readPlan(file)));
  const seen = missing || stale ? readReport(CHECKED_IN) : undefined;
  const commit = stale ? commitOf(PROVEN) : undefined;
  const all = mode === 'night' ? nightLanes(seed) : [...eachWindowOnce(seed), ...storedPlans()].map(named);
  return all
    .filter(({ name, isSeen }) => name.includes(only) && (seen === undefined || !isSeen(seen, commit)))
    .filter((_, index) => index % part.of === part.index - 1);
}

/** The rounds of tier 3 for these options. */
export const packetRounds = ({ mode, seed, part, only, files }: ProofOptions): readonly NamedLane[] =>
  (mode === 'repeat' ? files.map(readPlan) : packetPlans(seed))
    .map(named)
    .filter(({ name }) => name.includes(only))
    .filter((_, index) => index % part.of === part.index - 1);

/** What says most comes first, for a night that is cut short. */
const nightLanes = (seed: number): readonly NamedLane[] => [
  ...[...eachWindowOften(seed, NIGHTLY_KILLS), ...storedPlans(), ...matrixPlans(seed)].map(named),
  ...sweepLanes(seed).map(({ name, key, lane }) => ({
    name,
    lane,
    isSeen: ({ sweeps }: Report) => sweeps[key] !== undefined,
  })),
];

/** Every bug that was ever found, as the round that showed it. */
export const storedPlans = (): readonly Plan[] =>
  readdirSync(STORED)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => readPlan(join(STORED, name)));

const readPlan = (file: string): Plan => planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
