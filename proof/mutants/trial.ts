import type { Detector, DetectorName } from './detector';
import type { MutatedCopy } from './mutated-copy';
import type { Mutant } from './mutant';
import { runCommand, type CommandEnd } from './run-command';

/** What a detector said about a mutant; absent where it was not asked or has nothing to say. */
export type Answers = Partial<Record<DetectorName, 'caught' | 'hung' | 'survived'>>;

export interface Trial {
  readonly mutant: string;
  readonly answers: Answers;
  /** Undefined: it survived everything. */
  readonly firstCatcher?: DetectorName;
  readonly seconds: number;
}

export interface TrialOptions {
  readonly seed: number;
  /** Asks every detector, also after one has caught it. Otherwise tier 0 and 1 are both asked, and the rest in turn. */
  readonly askAll: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs one mutant against the detectors. */
export async function tryMutant(
  mutant: Mutant,
  copy: MutatedCopy,
  detectors: readonly Detector[],
  options: TrialOptions,
): Promise<Trial> {
  const answers: Answers = {};
  const startedAt = performance.now();
  copy.apply(mutant);
  try {
    const why = await copy.whyNotCompiled();
    if (why !== undefined) throw new Error(`The mutant "${mutant.name}" does not compile: ${why}`);
    for (const detector of detectors) {
      const isModel = detector.name === 'tier 0' || detector.name === 'tier 1';
      if (firstCatcher(answers) !== undefined && !isModel && !options.askAll) break;
      const end = await ask(detector, [mutant], copy, options);
      if (end !== undefined) answers[detector.name] = answerOf(end);
    }
  } finally {
    copy.restore();
  }
  const first = firstCatcher(answers);
  return {
    mutant: mutant.name,
    answers,
    ...(first === undefined ? {} : { firstCatcher: first }),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  };
}

/** Undefined where the detector has nothing to say. */
export async function ask(
  detector: Detector,
  mutants: readonly Mutant[],
  copy: MutatedCopy,
  { seed, env }: TrialOptions,
): Promise<CommandEnd | undefined> {
  const command = detector.command(mutants, seed);
  if (command === undefined) return undefined;
  if (detector.runsBuilt) await copy.bundle();
  return runCommand(command, { cwd: copy.root, limitMs: detector.limitMs * mutants.length, env });
}

const answerOf = ({ code }: CommandEnd) => (code === null ? 'hung' : code === 0 ? 'survived' : 'caught');

const firstCatcher = (answers: Answers): DetectorName | undefined =>
  (Object.keys(answers) as DetectorName[]).find((name) => answers[name] !== 'survived');
