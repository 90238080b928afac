import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findTemporal } from '../../src/engine/find-temporal';
import { startDevServer } from '../../src/engine/start-dev-server';
import { ADDRESS_VARIABLE } from '../../test/temporal-server';
import { detectorsOf, type Detector } from './detector';
import { MutatedCopy } from './mutated-copy';
import { parseOptions, USAGE, type MutantOptions } from './options';
import { renderTrials } from './render-trials';
import { ask, tryMutant, type Trial, type TrialOptions } from './trial';

const SURVIVED = 1;
const UNUSABLE = 2;

async function main(options: MutantOptions): Promise<number> {
  if (options.list) {
    say(options.mutants.map(({ name }) => name).join('\n'));
    return 0;
  }
  const copy = new MutatedCopy();
  const server = await temporal();
  try {
    const env = { ...process.env, [ADDRESS_VARIABLE]: server.address };
    const detectors = detectorsOf(copy.root).filter(
      ({ name }) => options.detectors.length === 0 || options.detectors.includes(name),
    );
    const trial = { seed: options.seed, askAll: options.askAll, env };
    await assertDetectorsPass(detectors, copy, options, trial);
    return await tryAll(detectors, copy, options, trial);
  } finally {
    await server.stop();
    copy.remove();
  }
}

/** One server for all tests: a server for each would be most of the time. */
async function temporal(): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const given = process.env[ADDRESS_VARIABLE];
  const found = given === undefined ? await findTemporal() : ({ kind: 'address', address: given } as const);
  if (found.kind === 'address') return { address: found.address, stop: async () => undefined };
  return startDevServer({ binary: found.path });
}

/** Red without a mutant says nothing about one. */
async function assertDetectorsPass(
  detectors: readonly Detector[],
  copy: MutatedCopy,
  { mutants }: MutantOptions,
  trial: TrialOptions,
): Promise<void> {
  for (const detector of detectors) {
    const end = await ask(detector, mutants, copy, trial);
    if (end === undefined) continue;
    say(
      `${detector.name} passes without a mutant: ${end.code === 0 ? 'yes' : 'NO'}, ${Math.round(end.seconds)} s`,
    );
    if (end.code !== 0)
      throw new Error(
        `${detector.name} fails on the product as it is, so it can catch no mutant:\n${end.output}`,
      );
  }
}

async function tryAll(
  detectors: readonly Detector[],
  copy: MutatedCopy,
  options: MutantOptions,
  trial: TrialOptions,
): Promise<number> {
  const trials: Trial[] = [];
  for (const mutant of options.mutants) {
    const tried = await tryMutant(mutant, copy, detectors, trial);
    say(`${tried.mutant}: ${tried.firstCatcher ?? 'SURVIVED'} (${tried.seconds} s)`);
    trials.push(tried);
    if (options.report !== undefined) writeReport(options.report, trials);
  }
  say(renderTrials(trials));
  const survivors = trials.filter(({ firstCatcher }) => firstCatcher === undefined);
  say(`${trials.length} mutants, ${trials.length - survivors.length} caught, ${survivors.length} survived`);
  return survivors.length === 0 ? 0 : SURVIVED;
}

/** A run of some mutants leaves what is known of the others. */
function writeReport(file: string, trials: readonly Trial[]): void {
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { mutants: Trial[] }).mutants
    : [];
  const others = known.filter(({ mutant }) => !trials.some((trial) => trial.mutant === mutant));
  writeFileSync(file, `${JSON.stringify({ mutants: [...others, ...trials] }, undefined, 2)}\n`);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function optionsOrUsage(): MutantOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    return undefined;
  }
}

const options = optionsOrUsage();
if (options === undefined) process.exitCode = UNUSABLE;
else
  main(options).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = UNUSABLE;
    },
  );
