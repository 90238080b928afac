import type { Operation } from '../../src/contract/operations';

/** Something that must turn red on a mutant, as small as it can be: a scope, a few schedules, a few named tests. */
export type Detector =
  | { readonly kind: 'tier 0'; readonly scope: string }
  | { readonly kind: 'tier 1'; readonly operation: Operation; readonly schedules: number }
  | { readonly kind: 'test'; readonly file: string; readonly named: string }
  | { readonly kind: 'tier 2' };

/** Tier 0: walks the scopes whose title holds the text. */
export const scope = (title: string): Detector => ({ kind: 'tier 0', scope: title });

/** Tier 1: up to so many schedules, to the first violation. */
export const schedules = (operation: Operation, most: number): Detector => ({
  kind: 'tier 1',
  operation,
  schedules: most,
});

/** The tests of a file below `test` whose title holds the text. */
export const test = (file: string, named = ''): Detector => ({ kind: 'test', file, named });

/** Asked for what survives everything else. */
export const PROCESSES: Detector = { kind: 'tier 2' };

/** Asked in this order: each names itself in the report. */
export function titleOf(detector: Detector): string {
  switch (detector.kind) {
    case 'tier 0':
      return `tier 0, ${detector.scope}`;
    case 'tier 1':
      return `tier 1, ${detector.schedules} schedules of a ${detector.operation}`;
    case 'test':
      return `${detector.file}${detector.named === '' ? '' : `: ${detector.named}`}`;
    case 'tier 2':
      return `tier 2, ${ROUNDS} rounds`;
  }
}

/** Whether it needs no server and is done in seconds. */
export const isCheap = (detector: Detector): boolean =>
  detector.kind === 'tier 0' || (detector.kind === 'test' && detector.file.startsWith('unit/'));

/** A machine that does other work, too, takes several times as long; a mutant that hangs is noticed all the same. */
export const limitMsOf = ({ kind }: Detector): number => (kind === 'tier 2' ? 1_800_000 : 300_000);

/** What a detector says where it notices something: another end with a failure is its own. */
export const NOTICES: Readonly<Record<Detector['kind'], RegExp>> = {
  'tier 0': /^violation: /m,
  'tier 1': /^violation: /m,
  test: /^Tests: .*\d+ failed/m,
  // What a judge condemned: a harness that broke has noticed nothing.
  'tier 2': /^violation: \S+ (?!harness)/m,
};

/** What survives everything else has to be caught in so many rounds. */
const ROUNDS = 20;
const TSX = [process.execPath, '--import', 'tsx'];

/** The command line, for the root of a copy. */
export function commandOf(detector: Detector, seed: number): readonly string[] {
  const seeded = ['--seed', String(seed)];
  switch (detector.kind) {
    case 'tier 0':
      return [...TSX, 'proof/model/main.ts', '--scope', detector.scope];
    case 'tier 1': {
      const bounds = ['--schedules', String(detector.schedules), '--operation', detector.operation];
      return [...TSX, 'proof/simulation/main.ts', '--first', ...seeded, ...bounds];
    }
    case 'test':
      return jestOf(detector);
    case 'tier 2':
      return [...TSX, 'proof/main.ts', '--tier', '2', ...seeded, '--rounds', String(ROUNDS)];
  }
}

const JEST = [process.execPath, 'node_modules/jest/bin/jest.js', '--forceExit', '--runInBand'];

function jestOf({ file, named }: Extract<Detector, { kind: 'test' }>): readonly string[] {
  const project = file.slice(0, file.indexOf('/'));
  return [...JEST, '--selectProjects', project, '--testNamePattern', literally(named), '--', `test/${file}`];
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
