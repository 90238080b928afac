import { commandOf, limitMsOf, type Detector } from './detector';
import type { MutatedCopy } from './mutated-copy';
import { runCommand, type CommandEnd } from './run-command';

export interface AskOptions {
  readonly seed: number;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a detector in the copy as it is. */
export const ask = (detector: Detector, copy: MutatedCopy, { seed, env }: AskOptions): Promise<CommandEnd> =>
  runCommand(commandOf(detector, seed), { cwd: copy.root, limitMs: limitMsOf(detector), env });
