import { join } from 'node:path';
import { runTool } from '../environment/program';

/** Seconds alone: a compiler's run, and the detectors twice. Other suites run beside it. */
const WITHIN_MS = 300_000;
const DAY_MS = 86_400_000;

const dayOfYear = (now: Date): number =>
  Math.ceil((now.getTime() - Date.UTC(now.getUTCFullYear(), 0)) / DAY_MS);

const MUTANTS = join('proof', 'mutants', 'main.ts');
const options = ['--random', '--cheap', '--seed', String(dayOfYear(new Date()))];

test(
  `one guard taken out of the product, the one of today (npm run mutants -- ${options.join(' ')}): is missed`,
  async () => {
    const { code, stdout, stderr } = await runTool(MUTANTS, options, WITHIN_MS);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 mutants, 1 caught, 0 survived'),
    });
    expect(stdout).toContain(': caught by ');
  },
  WITHIN_MS + 10_000,
);
