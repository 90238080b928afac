import { join } from 'node:path';
import { startProgram, type Program } from '../../test/environment/program';

export interface RecordedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** One message to the replay process. */
export interface ReplayOrder {
  readonly address: string;
  readonly runs: readonly RecordedRun[];
}

/** `ok`, or why it does not replay. */
export interface ReplayVerdict {
  cached: string;
  uncached: string;
}

/** By the name of the history's file, without its ending. */
export type ReplayVerdicts = Readonly<Record<string, ReplayVerdict>>;

/** Each replay leaves a source map in the memory of the SDK's parser, which is full after some 800 rounds. */
const ROUNDS_A_PROCESS = 200;
/** It has nothing to hand over. */
const STOP_MS = 1_000;

/** The one part of the proof that loads the product's workflows. */
const startReplays = (): Program =>
  startProgram(['--import', 'tsx', join(__dirname, 'replay-process.ts')], { role: 'replay process' });

/** Replays for every round of a run. */
export class Replayer {
  #current = startReplays();
  #answers: Promise<unknown>[] = [];
  readonly #ending: Promise<void>[] = [];

  async replay(address: string, runs: readonly RecordedRun[]): Promise<ReplayVerdicts> {
    if (this.#answers.length === ROUNDS_A_PROCESS) {
      this.#ending.push(this.#endCurrent());
      this.#current = startReplays();
      this.#answers = [];
    }
    const order: ReplayOrder = { address, runs };
    const answer = this.#current.ask(order);
    this.#answers.push(answer);
    return (await answer) as ReplayVerdicts;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#ending, this.#endCurrent()]);
  }

  /** When all that was asked is answered. */
  async #endCurrent(): Promise<void> {
    const current = this.#current;
    await Promise.allSettled(this.#answers);
    await current.stop(STOP_MS);
  }
}
