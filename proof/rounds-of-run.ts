import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planSchema, type Plan } from './judge/evidence/plan';
import type { ProofOptions } from './options';
import { matrixPlans } from './processes/matrix';
import { single, type Lane } from './processes/run-rounds';
import { sweepLanes } from './processes/sweep-lanes';
import { eachWindowOften, eachWindowOnce } from './processes/window-rounds';

const STORED = join(__dirname, 'plans');
/** With both operations each window is killed in ten times in every night set. */
const NIGHTLY_KILLS = 5;

/** A lane with a name, to be chosen by `--only` and dealt out to parts. */
export interface NamedLane {
  readonly name: string;
  readonly lane: Lane;
}

const named = (plan: Plan): NamedLane => ({ name: plan.id, lane: single(plan) });

/** The rounds of tier 2 for these options. */
export function roundsOfRun({ mode, seed, part, only, files }: ProofOptions): readonly NamedLane[] {
  if (mode === 'repeat') return files.map((file) => named(readPlan(file)));
  const all = mode === 'night' ? nightLanes(seed) : [...eachWindowOnce(seed), ...storedPlans()].map(named);
  return all
    .filter(({ name }) => name.includes(only))
    .filter((_, index) => index % part.of === part.index - 1);
}

const nightLanes = (seed: number): readonly NamedLane[] => [
  ...sweepLanes(seed),
  ...[...eachWindowOften(seed, NIGHTLY_KILLS), ...storedPlans(), ...matrixPlans(seed)].map(named),
];

/** Every bug that was ever found, as the round that showed it. */
export const storedPlans = (): readonly Plan[] =>
  readdirSync(STORED)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => readPlan(join(STORED, name)));

const readPlan = (file: string): Plan => planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
