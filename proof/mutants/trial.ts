import { ask, type AskOptions } from './ask';
import type { Controls } from './controls';
import { NOTICES, titleOf, type Detector } from './detector';
import type { MutatedCopy } from './mutated-copy';
import { fingerprint, type Mutant } from './mutant';
import type { CommandEnd } from './run-command';

/** One that runs into its limit has noticed something, too; one that is red without the mutant has not. */
export type Answer = 'caught' | 'hung' | 'survived' | 'red without it';

export interface Trial {
  readonly mutant: string;
  /** Of its patches. */
  readonly fingerprint: string;
  readonly asked: readonly Asked[];
}

interface Asked {
  readonly detector: string;
  readonly kind: Detector['kind'];
  readonly answer: Answer;
  readonly seconds: number;
}

export interface TrialOptions extends AskOptions {
  /** Asks every detector, also after one has caught it. */
  readonly askAll: boolean;
}

const hasNoticed = ({ answer }: Pick<Asked, 'answer'>): boolean => answer === 'caught' || answer === 'hung';

/** Who caught it; undefined where it survived everything. */
export const catcherOf = ({ asked }: Pick<Trial, 'asked'>): Asked | undefined => asked.find(hasNoticed);

/** Runs one mutant against its detectors, in their order. */
export async function tryMutant(
  mutant: Mutant,
  copy: MutatedCopy,
  controls: Controls,
  options: TrialOptions,
): Promise<Trial> {
  const asked: Asked[] = [];
  for (const detector of mutant.detectors) {
    const { answer, seconds } = await askMutated(detector, mutant, copy, options);
    const isRedAnyway = hasNoticed({ answer }) && !(await controls.isGreen(detector));
    asked.push({
      detector: titleOf(detector),
      kind: detector.kind,
      answer: isRedAnyway ? 'red without it' : answer,
      seconds,
    });
    if (catcherOf({ asked }) !== undefined && !options.askAll) break;
  }
  return { mutant: mutant.name, fingerprint: fingerprint(mutant), asked };
}

async function askMutated(
  detector: Detector,
  mutant: Mutant,
  copy: MutatedCopy,
  options: AskOptions,
): Promise<Pick<Asked, 'answer' | 'seconds'>> {
  copy.apply(mutant);
  try {
    if (detector.kind === 'tier 2') await copy.compile(mutant);
    const end = await ask(detector, copy, options);
    return { answer: answerOf(end, detector), seconds: Math.round(end.seconds) };
  } finally {
    copy.restore();
  }
}

/** Throws where the detector itself failed: that says nothing about the mutant. */
function answerOf({ code, output }: CommandEnd, detector: Detector): Answer {
  if (code === null) return 'hung';
  if (code === 0) return 'survived';
  if (NOTICES[detector.kind].test(output)) return 'caught';
  throw new Error(`${titleOf(detector)} ended with ${code} without having noticed anything:\n${output}`);
}
