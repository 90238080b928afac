import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../../../proof/mutants/catalogue';
import { commandOf, type Detector } from '../../../proof/mutants/detector';
import { fingerprint, type Mutant } from '../../../proof/mutants/mutant';
import { patched } from '../../../proof/mutants/mutated-copy';
import { parseOptions } from '../../../proof/mutants/options';
import { SCOPES } from '../../../proof/model/scopes';
import { catcherOf, type Answer } from '../../../proof/mutants/trial';
import { renderTrials } from '../../../proof/mutants/render-trials';

const ROOT = join(__dirname, '../../..');

const detectors = MUTANTS.flatMap((mutant) => mutant.detectors);
const ofKind = <K extends Detector['kind']>(kind: K) =>
  detectors.filter((detector): detector is Extract<Detector, { kind: K }> => detector.kind === kind);
const tests = ofKind('test');
const scopes = ofKind('tier 0');

describe('the mutants', () => {
  test.each(MUTANTS)('$name: each patch applies exactly once and changes something', ({ patches }) => {
    for (const patch of patches) {
      const source = readFileSync(join(ROOT, patch.file), 'utf8');
      expect(patched(source, patch)).not.toBe(source);
    }
  });

  test('have names of their own, and something that must notice them', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.filter(({ detectors }) => detectors.length === 0)).toEqual([]);
  });

  test.each(tests)('$file: $named: is in a title there', ({ file, named }) => {
    expect(readFileSync(join(ROOT, 'test', file), 'utf8')).toContain(named);
  });

  test.each(scopes)('the scope "$scope": is walked by the model', ({ scope }) => {
    expect(SCOPES.filter(({ title }) => title.includes(scope))).not.toEqual([]);
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

  test('only cheap ones: each with its cheap detectors alone', () => {
    const { mutants } = parseOptions(['--cheap']);
    expect(mutants.length).toBeGreaterThan(10);
    expect(mutants.length).toBeLessThan(MUTANTS.length);
    const asked = mutants.flatMap((mutant) => mutant.detectors);
    expect(asked.filter(({ kind }) => kind !== 'tier 0' && kind !== 'test')).toEqual([]);
  });

  test('the titles of tests are taken literally', () => {
    const command = commandOf({ kind: 'test', file: 'unit/a.test.ts', named: 'one (or 2)' }, 1);
    expect(command).toEqual(
      expect.arrayContaining(['unit', String.raw`one \(or 2\)`, 'test/unit/a.test.ts']),
    );
  });

  test('a detector that is red without the mutant, too: has caught nothing', () => {
    const asked = (answer: Answer) => ({ detector: 'd', kind: 'test' as const, answer, seconds: 1 });
    expect(catcherOf({ asked: [asked('red without it'), asked('survived')] })).toBeUndefined();
    expect(catcherOf({ asked: [asked('red without it'), asked('hung')] })).toMatchObject({ answer: 'hung' });
  });

  test('the table: who caught it, who did not, and what was not tried or is not what was tried', () => {
    const one = (name: string): Mutant => ({ name, patches: [], detectors: [] });
    const mutants = ['caught', 'free', 'new', 'changed'].map(one);
    const trial = (mutant: string, answers: readonly ('caught' | 'survived')[]) => ({
      mutant,
      fingerprint: mutant === 'changed' ? 'other' : fingerprint(one(mutant)),
      asked: answers.map((answer, seconds) => ({
        detector: `detector ${seconds}`,
        kind: 'test' as const,
        answer,
        seconds,
      })),
    });
    const table = renderTrials(mutants, [
      trial('caught', ['survived', 'caught']),
      trial('free', ['survived']),
      trial('changed', ['caught']),
    ]);
    expect(table).toContain('| caught | detector 1 | 1 | detector 0 |');
    expect(table).toContain('| free | NOBODY |  | detector 0 |');
    expect(table).toContain('| new | not tried |');
    expect(table).toContain('| changed | not tried as it is now |');
  });
});
