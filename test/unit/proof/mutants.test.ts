import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MUTANTS } from '../../../proof/mutants/catalogue';
import { Declarations } from '../../../proof/mutants/declarations';
import { commandOf, type Detector } from '../../../proof/mutants/detector';
import { fingerprint, type Mutant } from '../../../proof/mutants/mutant';
import { patched, patchedSources } from '../../../proof/mutants/patched-sources';
import { parseOptions } from '../../../proof/mutants/options';
import { SCOPES } from '../../../proof/model/scopes';
import { catcherOf, type Answer } from '../../../proof/mutants/trial';
import { renderTrials } from '../../../proof/mutants/render-trials';
import { removeScratchFolders, scratchFolder } from '../../engine-fakes/scratch-folder';
import { expectSentence } from '../../workflow/expect-sentence';

const ROOT = join(__dirname, '../../..');

const DECLARATIONS = new Declarations(ROOT);

const detectors = MUTANTS.flatMap((mutant) => mutant.detectors);
const ofKind = <K extends Detector['kind']>(kind: K) =>
  detectors.filter((detector): detector is Extract<Detector, { kind: K }> => detector.kind === kind);
const tests = ofKind('test');
const scopes = ofKind('tier 0');

afterEach(removeScratchFolders);

describe('the mutants', () => {
  test.each(MUTANTS)('$name: each patch applies exactly once and changes something', ({ patches }) => {
    const sources = [...patchedSources(ROOT, DECLARATIONS, patches)];
    expect(sources).not.toEqual([]);
    for (const [file, source] of sources) expect(source).not.toBe(readFileSync(join(ROOT, file), 'utf8'));
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

describe('a patch', () => {
  /** A tree with these sources, by file. */
  const tree = (sources: Readonly<Record<string, string>>) => {
    const root = scratchFolder();
    for (const [file, source] of Object.entries(sources)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), source);
    }
    return root;
  };
  const A_TO_B = { declaration: 'f', find: 'a', replace: 'b' };
  const apply = (sources: Readonly<Record<string, string>>, ...patches: readonly (typeof A_TO_B)[]) => {
    const root = tree(sources);
    return Object.fromEntries(patchedSources(root, new Declarations(root), patches));
  };
  const sentenceOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    return 'no error';
  };

  test('whose text is not in its declaration, or twice: is an error that says so', () => {
    expectSentence(
      sentenceOf(() => patched('c', A_TO_B)).replace(' Adapt', ' adapt'),
      'applies 0 times',
      '"f"',
    );
    expect(sentenceOf(() => patched('a a', A_TO_B))).toContain('applies 2 times');
  });

  test('counts in its declaration alone, after characters of several bytes, too', () => {
    expect(
      apply({ 'src/x.ts': "const é = 'a €';\nexport const f = () => 'ü a';\nconst g = 'a';\n" }, A_TO_B),
    ).toEqual({ 'src/x.ts': "const é = 'a €';\nexport const f = () => 'ü b';\nconst g = 'a';\n" });
  });

  test('beside others in its file: each applies to its own declaration', () => {
    const source = 'function f() {\n  a(1);\n}\nclass G {\n  a = 1;\n}\n';
    const patches = [
      A_TO_B,
      { declaration: 'G', find: 'a =', replace: 'long =' },
      { ...A_TO_B, find: '1', replace: '2' },
    ];
    expect(apply({ 'src/x.ts': source }, ...patches)).toEqual({
      'src/x.ts': 'function f() {\n  b(2);\n}\nclass G {\n  long = 1;\n}\n',
    });
  });

  test('of a name that is exported once: means that one, whatever other files keep for themselves', () => {
    const sources = { 'src/x.ts': 'const f = a;', 'src/y/z.ts': 'export const f = a;' };
    expect(apply(sources, A_TO_B)).toEqual({ 'src/y/z.ts': 'export const f = b;' });
  });

  test('of a name that no source declares, or several: is an error that says so', () => {
    const missing = { 'src/x.ts': 'const h = () => { const f = a; };\nexport type f = 1;' };
    expectSentence(
      sentenceOf(() => apply(missing, A_TO_B)),
      'No source declares "f"',
      'name the declaration',
    );
    const twice = { 'src/x.ts': 'const f = a;', 'src/y.ts': 'function f() { a(); }' };
    expectSentence(
      sentenceOf(() => apply(twice, A_TO_B)),
      '"f" is declared 2 times, in src/x.ts, src/y.ts',
      'rename one',
    );
  });

  test('of a declaration that has moved to another file: applies there', () => {
    const root = scratchFolder();
    cpSync(join(ROOT, 'src'), join(root, 'src'), { recursive: true });
    const before = new Declarations(root);
    const moved = MUTANTS.flatMap(({ patches }) => patches.map(({ declaration }) => declaration));
    // Every source that a mutant patches gets another name.
    for (const file of new Set(moved.map((name) => before.find(name).file))) {
      mkdirSync(join(root, 'src/elsewhere', dirname(file)), { recursive: true });
      cpSync(join(root, file), join(root, 'src/elsewhere', file));
      rmSync(join(root, file));
    }
    const after = new Declarations(root);
    for (const { patches } of MUTANTS) {
      const files = [...patchedSources(root, after, patches).keys()];
      expect(files).toEqual(
        [...patchedSources(ROOT, DECLARATIONS, patches).keys()].map((file) => `src/elsewhere/${file}`),
      );
    }
  });
});
