import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithUs } from '../../src/engine/end-with-us';

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

/** Replays for every round of a run. */
export class Replayer {
  private current = new ReplayProcess();
  private readonly ending: Promise<void>[] = [];
  private rounds = 0;

  replay(address: string, runs: readonly RecordedRun[]): Promise<ReplayVerdicts> {
    if (this.rounds === ROUNDS_A_PROCESS) {
      this.ending.push(this.current.stop());
      this.current = new ReplayProcess();
      this.rounds = 0;
    }
    this.rounds += 1;
    return this.current.replay(address, runs);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.ending, this.current.stop()]);
  }
}

/** The one part of the proof that loads the product's workflows. */
class ReplayProcess {
  private readonly waiting: ((verdicts: ReplayVerdicts) => void)[] = [];
  private readonly child: ChildProcess;

  constructor() {
    this.child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'replay-process.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // A round waits for its answer; a night has many.
    this.child.setMaxListeners(0);
    endWithUs(() => this.child.kill('SIGKILL'));
    const { stdout } = this.child;
    if (stdout === null) throw new Error('the replay process has no output');
    createInterface({ input: stdout }).on('line', (line) =>
      this.waiting.shift()?.(JSON.parse(line) as ReplayVerdicts),
    );
  }

  /** One answer a line, in order. */
  replay(address: string, runs: readonly RecordedRun[]): Promise<ReplayVerdicts> {
    if (this.child.exitCode !== null) return Promise.reject(new Error('the replay process has ended'));
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve);
      this.child.once('exit', () => reject(new Error('the replay process ended')));
      this.child.stdin?.write(`${JSON.stringify({ address, runs } satisfies ReplayOrder)}\n`);
    });
  }

  /** Ends when all that was asked is answered. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.stdin?.end();
    await once(this.child, 'exit');
  }
}
