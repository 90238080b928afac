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

/** The process that replays for every round of a run: the one part of the proof that loads the product's workflows. */
export class Replayer {
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

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.stdin?.end();
    await once(this.child, 'exit');
  }
}
