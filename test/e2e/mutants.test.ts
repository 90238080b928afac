import { join } from 'node:path';
import { runCommand } from '../../proof/mutants/run-command';

const ROOT = join(__dirname, '..', '..');
/** Seconds alone: a compiler's run, and the detectors twice. Other suites run beside it. */
const WITHIN_MS = 300_000;
const DAY_MS = 86_400_000;

const dayOfYear = (now: Date): number =>
  Math.ceil((now.getTime() - Date.UTC(now.getUTCFullYear(), 0)) / DAY_MS);

const MUTANTS = ['--import', 'tsx', join('proof', 'mutants', 'main.ts')];
const options = ['--random', '--cheap', '--seed', String(dayOfYear(new Date()))];

test(
  `one guard taken out of the product, the one of today (npm run mutants -- ${options.join(' ')}): is missed`,
  async () => {
    const { code, output } = await runCommand([process.execPath, ...MUTANTS, ...options], {
      cwd: ROOT,
      limitMs: WITHIN_MS,
    });
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining('1 mutants, 1 caught, 0 survived'),
    });
    expect(output).toContain(': caught by ');
  },
  WITHIN_MS + 10_000,
);
