import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTool, type ToolEnd } from '../environment/program';

/** Far above what any of these takes, also on a busy machine; three of them fit into one test. */
const WITHIN_MS = 90_000;
jest.setTimeout(300_000);

const PROGRAM = join('proof', 'simulation', 'main.ts');
const PLANS = join(__dirname, '..', '..', 'proof', 'plans', 'simulation');

/** In a process of its own: it takes the clocks of its process over. */
async function simulate(...args: readonly string[]): Promise<ToolEnd> {
  const end = await runTool(PROGRAM, args, WITHIN_MS);
  expect(end.stderr).toBe('');
  return end;
}

const hashOf = (stdout: string): string => /hash ([0-9a-f]+)/.exec(stdout)?.[1] ?? 'none';

// So many that everything rare happens with this seed; `npm run proof -- --tier 1` and the nights run thousands.
test('in 200 random schedules no request has two effects, a false end, or an effect left unnamed', async () => {
  const { code, stdout } = await simulate('--seed', '7', '--schedules', '200');
  expect(stdout).toContain('200 schedules');
  expect(stdout).toContain(' 0 violations');
  expect(code).toBe(0);
  // Awake: what is rare happened, too.
  const sometimes = JSON.parse(/sometimes: (.*)/.exec(stdout)?.[1] ?? '{}') as Record<string, number>;
  expect(Object.entries(sometimes).filter(([, times]) => times === 0)).toEqual([]);
  expect(Object.keys(sometimes).length).toBeGreaterThan(5);
});

test('the same seed gives the same trace, bit for bit, and another one another', async () => {
  const once = await simulate('--seed', '21', '--schedules', '15');
  const twice = await simulate('--seed', '21', '--schedules', '15');
  const other = await simulate('--seed', '22', '--schedules', '15');
  expect(hashOf(once.stdout)).toMatch(/^[0-9a-f]{8}$/);
  expect(hashOf(twice.stdout)).toBe(hashOf(once.stdout));
  expect(hashOf(other.stdout)).not.toBe(hashOf(once.stdout));
});

test.each([
  ['no quarantine', 50],
  ['no look before a post', 50],
])(
  'without a guard, %s, a violation is found within %d schedules, and shrunk to one fault',
  async (mutant, within) => {
    const { code, stdout } = await simulate('--seed', '3', '--schedules', String(within), '--mutant', mutant);
    expect(code).toBe(1);
    const plan = JSON.parse(/violation: .*?, by (\{.*\})/.exec(stdout)?.[1] ?? '{}') as {
      faults?: unknown[];
    };
    expect(plan.faults).toHaveLength(1);
  },
);

test('every stored plan holds, and those of known holes go wrong until they are closed', async () => {
  const files = readdirSync(PLANS).map((file) => join(PLANS, file));
  const { code, stdout } = await simulate('--repeat', ...files);
  const wrong = stdout.split('\n').filter((line) => line.includes('violation'));
  expect(wrong.filter((line) => !line.startsWith('unheld-'))).toEqual([]);
  expect(stdout.split('\n').filter((line) => line.includes(' holds ')).length).toBeGreaterThan(3);
  expect({ code, stdout }).toMatchObject({ code: 0 });
});

test('adopted by name only, a plan that holds goes wrong', async () => {
  const plan = join(PLANS, 'terminated-then-again-beside-another.json');
  const { code, stdout } = await simulate('--repeat', plan, '--mutant', 'adopt by name only');
  expect(stdout).toContain('violation: ');
  expect(code).toBe(1);
});
