import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERY_OPERATION, OPERATIONS } from '../../../src/contract/operations';

const ROOT = join(__dirname, '../../..');
const CONTRACT = 'src/contract/operations.ts';

/** What whoever adds an operation writes first. Every other place is named by the compiler. */
const FIRST_EDITS = [
  ['export const OPERATIONS = {', "restore: { workflow: 'restoreVm', makesVm: true, starts: 'restores' },"],
  [
    'interface OperationTypes {',
    'readonly restore: { readonly request: LinkedCloneRequest; readonly result: LinkedCloneResult };',
  ],
] as const;

/** Five seconds of computing, on a machine that may be busy. */
const COMPILE_MS = 120_000;

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'third-operation-'));
  for (const folder of ['src', 'proof']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  for (const shared of ['node_modules', 'packages', 'test', 'package.json'])
    symlinkSync(join(ROOT, shared), join(copy, shared));
  // What is linked lies elsewhere, so the root is everything.
  const compilerOptions = { rootDir: '/', noEmit: true };
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['src', 'proof'] };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What the compiler complains of, as `file: the line`, each once. */
function complaints(): readonly string[] {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', copy], { cwd: copy, encoding: 'utf8' });
  const found = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error/gm)].map(([, file = '', line]) => {
    const text = readFileSync(join(copy, file), 'utf8').split('\n')[Number(line) - 1] ?? '';
    return `${file}: ${text.trim()}`;
  });
  return [...new Set(found)].toSorted();
}

/** Where the compiler asks, and by which line. A place more is one more that a third operation cannot slip through. */
const PLACES: readonly (readonly [file: string, line: string])[] = [
  ['src/contract/inspect.ts', 'type PlanOf'],
  ['src/contract/activities.ts', 'type LookTarget'],
  ['src/contract/activities.ts', 'type VerifiedAtEnd'],
  ['src/contract/activities.ts', 'type VerifyAtEnd'],
  ['src/contract/resolve.ts', 'const ANSWERS'],
  ['src/contract/resolve.ts', 'const EFFECT_CHOICES'],
  ['src/request/identity.ts', 'Partial<RequestOf<O>>'],
  ['src/request/schemas.ts', 'z.ZodType<Extract<PlanQuery'],
  ['src/client/snapflow.ts', 'PlannerNames[O]'],
  ['src/client/snapflow.ts', 'class Snapflow implements'],
  ['src/workflows/effect-rules.ts', 'const EFFECT_RULES'],
  ['src/workflows/index.ts', 'satisfies OperationWorkflows'],
  ['src/cli/program.ts', 'const START_COMMANDS'],
  ['src/cli/overview.ts', 'const RESULT_FIELDS'],
  ['src/cli/commands/start-operation.ts', 'const PLAN_TEXTS'],
  ['src/activities/index.ts', 'function look('],
  ['src/activities/check-answer.ts', 'return target satisfies never'],
  ['src/activities/delete-clone.ts', 'return target satisfies never'],
  ['src/activities/verify.ts', 'return verify satisfies never'],
  ['src/workflows/operator-question.ts', 'const traces'],
  ['src/activities/inspect.ts', 'function plan('],
  ['proof/model/runs.ts', 'const TAKES_A_NAME'],
  ['proof/model/server.ts', 'const SERVICE'],
  ['proof/simulation/any-plan.ts', 'ACTIVITIES[operation]'],
  ['proof/simulation/any-plan.ts', 'CALLS[operation]'],
  ['proof/simulation/request.ts', 'const REQUESTS'],
  ['proof/simulation/world-changes.ts', 'const RIVALS'],
];

test(
  'a third operation does not compile until every place that depends on it has chosen',
  () => {
    const path = join(copy, CONTRACT);
    const edited = FIRST_EDITS.reduce(
      (text, [after, row]) => {
        expect(text.split(after)).toHaveLength(2);
        return text.replace(after, `${after}\n${row}`);
      },
      readFileSync(path, 'utf8'),
    );
    writeFileSync(path, edited);
    const found = complaints();
    const silent = PLACES.filter(
      ([file, line]) => !found.some((each) => each.startsWith(`${file}: `) && each.includes(line)),
    );
    expect(silent).toEqual([]);
    // What else is found is a consequence in one of these files; a new file belongs into the list.
    const files = new Set(found.map((each) => each.slice(0, each.indexOf(':'))));
    expect([...files].toSorted()).toEqual([...new Set(PLACES.map(([file]) => file))].toSorted());
  },
  COMPILE_MS,
);

/** Where a choice between operations must be a switch or a record. */
const HELD = ['src', 'proof/model'];

test('no comparison with one operation leaves the others to an else', () => {
  const names = EVERY_OPERATION.flatMap((each) => [each, OPERATIONS[each].workflow]).join('|');
  const name = `['"](?:${names})['"]`;
  const comparison = new RegExp(`[!=]==?\\s*${name}|${name}\\s*[!=]==?`);
  const found = HELD.flatMap(sourcesIn).flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .filter((line) => comparison.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(comparison.test("operation === 'revert' ? 1 : 2")).toBe(true);
  expect(found).toEqual([]);
});

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
