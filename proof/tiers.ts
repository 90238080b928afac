import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hostileTier } from './hostile-tier';
import type { ProofOptions } from './options';
import { processTier } from './process-tier';
import type { Report } from './report';

/** A tier adds what it saw to the report and says how many violations there were. */
export type Tier = (options: ProofOptions, report: Report) => Promise<number>;

/** The tiers of the programme. One that is not there is an error: silence would look like a pass. */
export const TIERS: Readonly<Record<number, { readonly name: string; readonly run: Tier }>> = {
  0: { name: 'model', run: (options, report) => inProcess('model', 'runModel', options, report) },
  1: {
    name: 'simulation',
    run: (options, report) => inProcess('simulation', 'runSimulation', options, report),
  },
  2: { name: 'processes', run: processTier },
  4: { name: 'hostile', run: hostileTier },
};

interface TierOptions {
  readonly seed: number;
  readonly schedules?: number;
  readonly report: string;
}

type Entry = (options: TierOptions) => Promise<TierCounts> | TierCounts;

/** `violations` and whatever else the tier counts. */
type TierCounts = Readonly<Record<string, unknown>> & { readonly violations: number };

/** `model` is `proof/model/run-model.ts` with the export `runModel`. */
async function inProcess(
  name: string,
  entry: string,
  options: ProofOptions,
  report: Report,
): Promise<number> {
  const path = join(__dirname, name, `run-${name}.ts`);
  if (!existsSync(path))
    throw new Error(`Tier ${name} is not built: proof/${name}/run-${name}.ts is not there.`);
  const { [entry]: run } = (await import(path)) as Record<string, Entry | undefined>;
  if (run === undefined)
    throw new Error(`Tier ${name} has no ${entry}: proof/${name}/run-${name}.ts exports none.`);
  const { seed, schedules } = options;
  const counts = await run({
    seed,
    report: options.report,
    ...(schedules === undefined ? {} : { schedules }),
  });
  const numbers = Object.entries(counts).filter(
    (each): each is [string, number] => typeof each[1] === 'number',
  );
  report.tiers[name] = Object.fromEntries(numbers);
  return counts.violations;
}
