import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SOMETIMES } from './judge';
import { loadProduct, SIMULATION_MUTANTS, type SimulationMutant } from './load-product';
import type { Plan } from './plan';
import { runSchedule } from './run-schedule';
import { runSimulation } from './run-simulation';

const USAGE = `node --import tsx proof/simulation/main.ts
  [--seed N] [--schedules N] [--operation clone|revert] [--mutant NAME]
  [--repeat PLAN.json [--trace]]   runs that one plan again
Exit 1 on a violation. Mutants: ${Object.keys(SIMULATION_MUTANTS).join(', ')}.
`;

/** Below so many schedules a rare event may well be missing. */
const ENOUGH_FOR_ALL = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function repeat(path: string, trace: boolean): Promise<boolean> {
  const { plan } = JSON.parse(readFileSync(path, 'utf8')) as { readonly plan: Plan };
  const { hash, violations } = await runSchedule(plan, {
    workflows: loadProduct(),
    ...(trace ? { log: say } : {}),
  });
  for (const violation of violations) say(`violation: ${violation}`);
  say(`hash ${hash}, ${violations.length} violations`);
  return violations.length === 0;
}

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    options: {
      seed: text,
      schedules: text,
      operation: text,
      mutant: text,
      repeat: text,
      trace: flag,
      help: flag,
    },
  });
  if (values.help === true) {
    say(USAGE);
    return true;
  }
  if (values.repeat !== undefined) return repeat(values.repeat, values.trace === true);
  const { operation, mutant } = values;
  const report = await runSimulation({
    seed: Number(values.seed ?? 1),
    schedules: Number(values.schedules ?? 1_000),
    report: say,
    ...(operation === 'clone' || operation === 'revert' ? { operation } : {}),
    ...(mutant === undefined ? {} : { mutant: mutant as SimulationMutant }),
  });
  const never = SOMETIMES.filter((what) => report.sometimes[what] === 0);
  if (report.schedules < ENOUGH_FOR_ALL || never.length === 0) return report.violations.length === 0;
  say(`violation: never ${never.join(', never ')}`);
  return false;
}

async function exit(): Promise<void> {
  process.exitCode = (await main()) ? 0 : 1;
}

void exit();
