import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../../../proof/mutants/catalogue';
import { patched } from '../../../proof/mutants/mutated-copy';
import { parseOptions } from '../../../proof/mutants/options';
import { renderTrials } from '../../../proof/mutants/render-trials';

const ROOT = join(__dirname, '../../..');

describe('the mutants', () => {
  test.each(MUTANTS)('$name: each patch applies exactly once and changes something', ({ patches }) => {
    for (const patch of patches) {
      const source = readFileSync(join(ROOT, patch.file), 'utf8');
      expect(patched(source, patch)).not.toBe(source);
    }
  });

  test('have names of their own, and name tests that exist', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    const tests = MUTANTS.flatMap((mutant) => mutant.tests);
    expect(tests.filter((file) => !existsSync(join(ROOT, 'test', file)))).toEqual([]);
  });

  test('a patch whose text is not there, or there twice: is an error that says so', () => {
    const patch = { file: 'src/x.ts', find: 'a', replace: 'b' };
    expect(() => patched('c', patch)).toThrow('applies 0 times');
    expect(() => patched('a a', patch)).toThrow('applies 2 times');
  });

  test('one at random: the same for the same seed, and every mutant comes up', () => {
    const names = Array.from({ length: 500 }, (_, seed) => {
      const { mutants } = parseOptions(['--random', '--seed', String(seed)]);
      expect(mutants).toHaveLength(1);
      expect(parseOptions(['--random', '--seed', String(seed)]).mutants).toEqual(mutants);
      return mutants[0]?.name;
    });
    expect(new Set(names).size).toBe(MUTANTS.length);
  });

  test('an unknown name, a seed that is no number: are refused with one sentence', () => {
    expect(() => parseOptions(['--only', 'nobody'])).toThrow('--only nobody names no mutant');
    expect(() => parseOptions(['--seed', 'x'])).toThrow('--seed x is no whole number');
  });

  test('one that nobody caught: stands out in the table', () => {
    const table = renderTrials([
      {
        mutant: 'caught',
        answers: { 'tier 0': 'survived', tests: 'caught' },
        firstCatcher: 'tests',
        seconds: 3,
      },
      { mutant: 'free', answers: { 'tier 0': 'survived' }, seconds: 2 },
    ]);
    expect(table).toContain('| caught | survived | - | caught | - | tests | 3 |');
    expect(table).toContain('| free | survived | - | - | - | NOBODY | 2 |');
  });
});
