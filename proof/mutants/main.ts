import { findTemporal, startDevServer } from 'snapflow-dev-server';
import { SEARCH_ATTRIBUTES, SERVER_SETTINGS } from '../../src/contract/operations';
import { ADDRESS_VARIABLE } from '../../test/environment/addresses';
import { Controls } from './controls';
import { PROCESSES } from './detector';
import { fingerprint, type Mutant } from './mutant';
import { MutatedCopy } from './mutated-copy';
import { parseOptions, USAGE, type MutantOptions } from './options';
import { renderTrials } from './render-trials';
import { catcherOf, tryMutant, type Trial, type TrialOptions } from './trial';
import { addTrial, readTrials } from './trials-file';

const SURVIVED = 1;
const UNUSABLE = 2;

async function main(options: MutantOptions): Promise<number> {
  if (options.list) {
    say(options.mutants.map(({ name }) => name).join('\n'));
    return 0;
  }
  const mutants = options.mutants.filter((mutant) => options.again || !isKnownAsCaught(mutant, options));
  say(`${mutants.length} of ${options.mutants.length} mutants to try, seed ${options.seed}`);
  const copy = new MutatedCopy();
  const server = await temporal(mutants);
  try {
    const why = await copy.whyNotCompiled(mutants);
    if (why !== undefined) throw new Error(`Mutants do not compile: ${why}`);
    const env = { ...process.env, ...server.env };
    const trial = { seed: options.seed, askAll: options.askAll, env };
    return await tryAll(mutants, copy, options, trial);
  } finally {
    await server.stop();
    copy.remove();
  }
}

const isKnownAsCaught = (mutant: Mutant, { report }: MutantOptions): boolean =>
  report !== undefined &&
  readTrials(report).some(
    (trial) =>
      trial.mutant === mutant.name &&
      trial.fingerprint === fingerprint(mutant) &&
      catcherOf(trial) !== undefined,
  );

/** One server for all tests that need one: a server for each would be most of the time. */
async function temporal(mutants: readonly Mutant[]) {
  const isNeeded = mutants.some(({ detectors }) =>
    detectors.some((detector) => detector.kind === 'test' && !detector.file.startsWith('unit/')),
  );
  if (!isNeeded || process.env[ADDRESS_VARIABLE] !== undefined)
    return { env: {}, stop: async () => undefined };
  const found = await findTemporal();
  if (found.kind === 'address')
    return { env: { [ADDRESS_VARIABLE]: found.address }, stop: async () => undefined };
  const server = await startDevServer({
    binary: found.path,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    dynamicConfig: SERVER_SETTINGS,
  });
  return { env: { [ADDRESS_VARIABLE]: server.address }, stop: () => server.stop() };
}

async function tryAll(
  mutants: readonly Mutant[],
  copy: MutatedCopy,
  { processes, report }: MutantOptions,
  options: TrialOptions,
): Promise<number> {
  const trials: Trial[] = [];
  const controls = new Controls(copy, options);
  for (const mutant of mutants) {
    const detectors = [...mutant.detectors, ...(processes ? [PROCESSES] : [])];
    const trial = await tryMutant({ ...mutant, detectors }, copy, controls, options);
    const catcher = catcherOf(trial);
    say(`${mutant.name}: ${catcher === undefined ? 'SURVIVED' : `${catcher.answer} by ${catcher.detector}`}`);
    trials.push(trial);
    if (report !== undefined) addTrial(report, trial);
  }
  say(renderTrials(mutants, trials));
  const survivors = trials.filter((trial) => catcherOf(trial) === undefined);
  say(`${trials.length} mutants, ${trials.length - survivors.length} caught, ${survivors.length} survived`);
  return survivors.length === 0 ? 0 : SURVIVED;
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
