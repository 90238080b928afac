import { hostileTier } from './hostile-tier';
import { runModel } from './model/run-model';
import type { ProofOptions } from './options';
import { processTier } from './process-tier';
import type { Report } from './report';
import { packetTier } from './packet-tier';
import { runSimulation } from './simulation/run-simulation';

/** A tier adds what it saw to the report and says how many violations there were. */
export type Tier = (options: ProofOptions, report: Report) => Promise<number>;

/** Counts of a tier go into the report; its violations are printed as they are found. */
const counted = (counts: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts).filter((each): each is [string, number] => typeof each[1] === 'number'),
  );

const say = (line: string): void => console.log(line);

const modelTier: Tier = (_options, report) => {
  const { violations, ...counts } = runModel({ report: say });
  report.tiers['model'] = counted(counts);
  violations.forEach(say);
  return Promise.resolve(violations.length);
};

/** Ten times as many in the night set as a commit can wait for. */
const SCHEDULES = { quick: 10_000, night: 100_000 } as const;

const simulationTier: Tier = async ({ seed, mode, schedules }, report) => {
  const { violations, sometimes, ...counts } = await runSimulation({
    seed,
    schedules: schedules ?? SCHEDULES[mode === 'night' ? 'night' : 'quick'],
    report: say,
  });
  report.tiers['simulation'] = { ...counted(counts), ...counted(sometimes) };
  return violations.length;
};

/** The tiers of the programme. */
export const TIERS: Readonly<Record<number, { readonly name: string; readonly run: Tier }>> = {
  0: { name: 'model', run: modelTier },
  1: { name: 'simulation', run: simulationTier },
  2: { name: 'processes', run: processTier },
  3: { name: 'packets', run: packetTier },
  4: { name: 'hostile', run: hostileTier },
};
