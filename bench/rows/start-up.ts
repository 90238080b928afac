import { spawn } from 'node:child_process';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';
import { SNAPFLOW } from '../../test/environment/program';
import { median } from '../percentile';
import { atMost, rounded, type Measured, type Row } from '../row';

const RUNS = 7;
/** A command of these hangs when it takes longer. */
const LIMIT_MS = 60_000;

export const startUp: Row = {
  name: 'start-up',
  question: 'How long does a command take, and a worker until it can work?',
  limitMs: 5 * 60_000,
  async measure(bench, quick): Promise<Measured> {
    const environment = await bench.open({ name: 'start-up', flags: { 'clone-ms': 100 } });
    const workerMs: number[] = [];
    for (let n = 0; n < (quick ? 1 : 3); n++) {
      const from = performance.now();
      await environment.startWorker();
      workerMs.push(performance.now() - from);
    }
    const { connection } = environment;
    const clone = await environment.snapflow.clone(
      { connection, vm: 'web-01', snapshot: 'latest', name: 's' },
      { requestId: 's' },
    );
    await clone.result();
    const temporal = (await findTemporalBinary()).path;
    const ours = { TEMPORAL_ADDRESS: bench.temporal.address, SNAPFLOW_TASK_QUEUE: environment.taskQueue };
    const commands = {
      node: [process.execPath, '-e', '0'],
      help: [process.execPath, SNAPFLOW, '--help'],
      status: [process.execPath, SNAPFLOW, 'status', 's', '--connection', connection],
      'temporal --help': [temporal, '--help'],
      'temporal workflow describe': [
        temporal,
        'workflow',
        'describe',
        '-w',
        clone.workflowId,
        '--address',
        bench.temporal.address,
      ],
    };
    const took = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
    for (let n = 0; n < RUNS; n++)
      for (const [name, command] of Object.entries(commands))
        took.get(name)!.push(await timed(command, ours));
    const p50 = (name: keyof typeof commands) => median(took.get(name) ?? []);
    return {
      columns: ['command', 'runs', 'p50 ms'],
      lines: [
        ['snapflow --help', RUNS, rounded(p50('help'))],
        ['snapflow status ID', RUNS, rounded(p50('status'))],
        ['snapflow worker, to ready', workerMs.length, rounded(median(workerMs))],
        ['node -e 0', RUNS, rounded(p50('node'))],
        ['temporal --help', RUNS, rounded(p50('temporal --help'))],
        ['temporal workflow describe', RUNS, rounded(p50('temporal workflow describe'))],
      ],
      targets: [
        atMost('--help', p50('help'), 300, 'ms'),
        atMost('status', p50('status'), 1_200, 'ms'),
        atMost('worker to first poll', median(workerMs), 4_000, 'ms'),
      ],
      notMeasured: ['npx, which adds its own start'],
    };
  },
};

const timed = ([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: 'ignore', timeout: LIMIT_MS });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(performance.now() - from)
        : reject(new Error(`${file} ${args.join(' ')} ended with ${code}`)),
    );
  });
