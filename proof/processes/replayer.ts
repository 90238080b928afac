import { join } from 'node:path';
import { AnsweringProcess } from './answering-process';

export interface RecordedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** One line to the replay process. */
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

/** The one part of the proof that loads the product's workflows. */
const startReplays = (): AnsweringProcess =>
  new AnsweringProcess(['--import', 'tsx', join(__dirname, 'replay-process.ts')]);

/** Replays for every round of a run. */
export class Replayer {
  private current = startReplays();
  private readonly ending: Promise<void>[] = [];
  private rounds = 0;

  async replay(address: string, runs: readonly RecordedRun[]): Promise<ReplayVerdicts> {
    if (this.rounds === ROUNDS_A_PROCESS) {
      this.ending.push(this.current.stop());
      this.current = startReplays();
      this.rounds = 0;
    }
    this.rounds += 1;
    const order: ReplayOrder = { address, runs };
    return JSON.parse(await this.current.ask(JSON.stringify(order))) as ReplayVerdicts;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.ending, this.current.stop()]);
  }
}
