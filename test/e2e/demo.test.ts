import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isAlive } from '../../packages/dev-server/src/child-group';
import { eventually } from '../environment/eventually';

const DEMO = join(__dirname, '..', '..', 'demo', 'main.ts');
/** Three quarters of a minute on an idle machine. */
const WITHIN_MS = 180_000;

interface Demo {
  readonly output: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly exitCode: Promise<number | null>;
  /** The process of the first worker, once a clone is under way. */
  readonly workerOfClone: () => Promise<number>;
}

/** Starts the demo as its script does, with a Temporal server of its own. */
function startDemo(): Demo {
  const { TEMPORAL_ADDRESS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', DEMO], {
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return {
    output: () => text,
    signal: (signal) => void child.kill(signal),
    exitCode: once(child, 'close').then(([code]) => code as number | null),
    workerOfClone: async () => {
      await eventually('a clone is under way', () => /^ .* wait$/m.test(text), WITHIN_MS);
      return workersIn(text)[0] ?? 0;
    },
  };
}

/** The processes that the demo says it started. */
const workersIn = (output: string): number[] =>
  [...output.matchAll(/worker +process (\d+)/g)].map(([, pid]) => Number(pid));

describe('the demo', () => {
  test.concurrent(
    'checks every statement, ends with 0, and leaves no process',
    async () => {
      const demo = startDemo();
      expect(await demo.exitCode).toBe(0);
      const output = demo.output();
      expect(output).not.toContain('✗');
      const statements = output.match(/✓/g)?.length;
      expect(output).toContain(`All ${statements} statements were checked and held.`);
      expect(output).not.toContain('Warning:');
      const rows = [...output.matchAll(/ {2}demo-\d +\S+ +(\w+) +(\S+(?: \S+)*?) {2}/g)];
      expect(rows.map(([, outcome, effects]) => `${outcome}: ${effects}`)).toEqual([
        'cloned: clone',
        'cloned: clone',
        'refused: -',
        'adopted: clone',
        'failed: -',
        'cancelled: clone delete',
        'reverted: snapshot revert power',
      ]);
      expect(workersIn(output)).toHaveLength(2);
      expect(workersIn(output).filter((pid) => isAlive(pid))).toEqual([]);
    },
    WITHIN_MS,
  );

  test.concurrent(
    'interrupted in the middle of a clone, ends with 130 and leaves no process',
    async () => {
      const demo = startDemo();
      const worker = await demo.workerOfClone();
      expect(isAlive(worker)).toBe(true);
      demo.signal('SIGINT');
      expect(await demo.exitCode).toBe(130);
      expect(isAlive(worker)).toBe(false);
    },
    WITHIN_MS,
  );

  test.concurrent(
    'whose worker dies unasked, says so and ends with 1',
    async () => {
      const demo = startDemo();
      process.kill(await demo.workerOfClone(), 'SIGKILL');
      expect(await demo.exitCode).toBe(1);
      expect(demo.output()).toContain('The worker ended by itself');
    },
    WITHIN_MS,
  );
});
