import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { isOperation } from '../../src/contract/operations';
import { SOMETIMES } from './judge';
import { liveThrough } from './lasting';
import { loadProduct, SIMULATION_MUTANTS, type SimulationMutant } from './load-product';
import type { Plan } from './plan';
import { runSchedule } from './run-schedule';
import { runSimulation } from './run-simulation';

const USAGE = `node --import tsx proof/simulation/main.ts
  [--seed N] [--schedules N] [--operation clone|revert] [--mutant NAME] [--first]
  --repeat PLAN.json… [--trace]   runs stored plans again
  --lasting NAME [--after-hours N] [--answer repeat|abandon]
                                  what lasts for a month: how the run stands then, and a day after an answer
  --first                         ends at the first violation, and does not shrink it
Exit 1 on a violation, and on a plan of a known hole that holds. Mutants: ${Object.keys(SIMULATION_MUTANTS).join(', ')}.
`;

/** Below so many schedules a rare event may well be missing. */
const ENOUGH_FOR_ALL = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface StoredPlan {
  readonly title: string;
  readonly isUnheld: boolean;
  readonly plan: Plan;
}

/** Runs stored plans again; one that the product does not hold yet must go wrong. */
async function repeat(
  paths: readonly string[],
  mutant: SimulationMutant | undefined,
  trace: boolean,
): Promise<boolean> {
  const workflows = loadProduct(mutant);
  let isAsStored = true;
  for (const path of paths) {
    const { title, isUnheld, plan } = JSON.parse(readFileSync(path, 'utf8')) as StoredPlan;
    const { hash, violations } = await runSchedule(plan, { workflows, ...(trace ? { log: say } : {}) });
    const isWrong = violations.length > 0;
    if (isWrong !== isUnheld) isAsStored = false;
    say(
      `${basename(path)}: hash ${hash}, ${isWrong ? `violation: ${violations.join('; ')}` : 'holds'} (${title})`,
    );
  }
  return isAsStored;
}

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: text,
      schedules: text,
      operation: text,
      mutant: text,
      first: flag,
      repeat: flag,
      trace: flag,
      lasting: text,
      'after-hours': text,
      answer: text,
      help: flag,
    },
  });
  if (values.help === true) {
    say(USAGE);
    return true;
  }
  if (values.lasting !== undefined) {
    const { lasting, answer, 'after-hours': hours } = values;
    for (const standing of await liveThrough(
      lasting,
      omitUndefined({ answer, hours: hours === undefined ? undefined : Number(hours) }),
    ))
      say(JSON.stringify(standing));
    return true;
  }
  const { operation } = values;
  const mutant = values.mutant as SimulationMutant | undefined;
  if (values.repeat === true) return repeat(positionals, mutant, values.trace === true);
  const report = await runSimulation({
    seed: Number(values.seed ?? 1),
    schedules: Number(values.schedules ?? 1_000),
    report: say,
    isFirstEnough: values.first === true,
    ...(isOperation(operation) ? { operation } : {}),
    ...omitUndefined({ mutant }),
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
