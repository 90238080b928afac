import { requesterOf } from '../../../src/client/requester';
import { expectGolden } from '../../golden/expect-golden';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { testServerAddress } from '../../environment/addresses';
import { catchCli, type Seen } from './run-here';

jest.setTimeout(120_000);

let env: ThreadEnvironment;
let run: (words: readonly string[]) => Promise<Seen>;

beforeAll(async () => {
  env = await openEnvironment({ as: 'threads', operation: { quarantineMs: 1_000 } });
  const caught = catchCli();
  run = (words) => caught(env, words);
});

afterAll(async () => {
  jest.restoreAllMocks();
  await env.close();
});

/** What differs from run to run becomes what it is; ages of seconds, and the blanks that pad a column, too. */
const stable = (text: string): string =>
  text
    .replaceAll(testServerAddress(), '<address>')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<url>')
    .replaceAll(env.connection, '<connection>')
    .replaceAll(env.taskQueue, '<task queue>')
    .replaceAll(requesterOf(), '<requester>')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/-[\da-f]{10}\b/g, '-<derived>')
    .replaceAll(/\b\d+(?:m \d+)?s\b(?= ago|$)/gm, '<age>')
    .replaceAll(/"percent": ?\d+/g, '"percent":<percent>')
    .replaceAll(/"snapflow":"[\d.]+"/g, '"snapflow":"<version>"')
    .replaceAll(/release \d+\.\d+\.\d+\b/g, 'release <release>')
    .replaceAll(/\d+ Temporal/g, '<n> Temporal')
    .replaceAll(/ {2,}/g, '  ');

const sections: string[] = [];
function record(words: readonly string[], { code, out, err }: Seen): void {
  sections.push(
    `$ snapflow ${words.join(' ')}\n${out}${err === '' ? '' : `--- stderr\n${err}`}--- exit ${code}\n`,
  );
}

/** Every format of one command, in one file. */
const FORMATS: readonly (readonly string[])[] = [[], ['-o', 'json'], ['-o', 'jsonl'], ['--quiet']];

/** Progress depends on when it is looked: what comes between the first line and the last is left out. */
const settled = ({ code, out, err }: Seen): Seen => ({
  code,
  out: out.replaceAll(/^\{"type":"progress".*\n/gm, ''),
  err: err.replaceAll(
    /^[\w-]+: .*(?:prepare|started|start|wait|verify|finish|queued|succeeded|cancelled).*\n/gm,
    '',
  ),
});

describe('golden', () => {
  const CLONE = ['--vm', 'web-01', '--snapshot', 'latest', '--name'];
  const COMMANDS: readonly (readonly [string, (format: readonly string[], n: number) => string[]])[] = [
    ['clone', (_, n) => ['clone', ...CLONE, `golden-${n}`, '--request-id', `golden-${n}`]],
    ['clone-plan', () => ['clone', ...CLONE, 'golden-plan', '--plan']],
    ['clone-plan-suffix', () => ['clone', ...CLONE, 'golden-plan', '--name-suffix', '--plan']],
    ['clone-no-wait', () => ['clone', ...CLONE, 'golden-0', '--request-id', 'golden-0', '--no-wait']],
    ['revert-plan', () => ['revert', '--vm', 'web-04', '--snapshot', 'nightly-0411', '--plan']],
    [
      'revert',
      (_, n) => [
        'revert',
        '--vm',
        'web-04',
        '--snapshot',
        'nightly-0411',
        '--yes',
        '--request-id',
        `back-${n}`,
      ],
    ],
    ['status', () => ['status', 'golden-0']],
    ['wait', () => ['wait', 'golden-0']],
    ['cancel', () => ['cancel', 'golden-0']],
    ['delete', (_, n) => ['delete', `golden-${n}`, '--yes']],
    ['snapshots', () => ['snapshots', '--vm', 'web-01']],
    ['setup', () => ['setup']],
    ['explain', () => ['explain', 'NameTaken']],
  ];

  test.each(COMMANDS)('%s writes what was last read, in every format', async (name, words) => {
    sections.length = 0;
    for (const [n, format] of FORMATS.entries()) {
      const command = [...words(format, n), ...format];
      record(command, settled(await run(command)));
    }
    expectGolden(name, stable(sections.join('\n')));
  });

  test('a clone with a suffix says its real name in the first line, in its data and in the list of --no-wait', async () => {
    const { code, out, err } = await run(['clone', ...CLONE, 'golden-own', '--name-suffix', '--json']);
    const { id, name, result } = JSON.parse(out) as { id: string; name: string; result: { name: string } };
    expect(name).toMatch(/^golden-own-[0-9a-z]{8}$/);
    expect({ code, id, made: result.name }).toEqual({ code: 0, id: name, made: name });
    expect(err).toContain(`The clone ${name} has the id ${id}.\n`);
    const started = await run(['clone', ...CLONE, 'golden-own', '--name-suffix', '--no-wait', '--json']);
    expect((JSON.parse(started.out) as { name: string }).name).toMatch(/^golden-own-[0-9a-z]{8}$/);
    const again = await run(['clone', ...CLONE, 'golden-own', '--name-suffix', '--again']);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('--request-id: missing, give the id that the first start returned');
  });

  test('a machine that is on is kept, with exit code 9', async () => {
    const made = await run(['clone', ...CLONE, 'kept', '--request-id', 'kept', '--power-on', '--json']);
    const { result } = JSON.parse(made.out) as { result: { vmId: string } };
    const refused = await run(['delete', 'kept', '--yes']);
    expect(refused).toMatchObject({ code: 9, out: '' });
    expect(refused.err).toContain(result.vmId);
  });

  test('list writes rows, as a table, as JSON, as lines, and as ids alone', async () => {
    const mine = (out: string) => out.includes('golden-1');
    for (const format of FORMATS) {
      const seen = await eventually('the list has the clone', async () => {
        const now = await run(['list', '--state', 'succeeded', ...format]);
        return mine(now.out) && now;
      });
      expect(seen.code).toBe(0);
    }
    const row = {
      operation: 'clone',
      state: 'succeeded',
      vm: 'web-01',
      snapshot: 'latest',
      name: 'golden-1',
    };
    const json = JSON.parse((await run(['list', '--json'])).out) as object[];
    expect(json).toContainEqual(expect.objectContaining({ id: 'golden-1', ...row }));
  });

  test('doctor has the same checks in every format, and only what is not ok with --quiet', async () => {
    const json = JSON.parse((await run(['doctor', '-o', 'json'])).out) as { state: string; check: string }[];
    const lines = (await run(['doctor', '-o', 'jsonl'])).out.trimEnd().split('\n').slice(1);
    const checksOf = (all: { check: string }[]) => new Set(all.map(({ check }) => check));
    expect(checksOf(lines.map((line) => JSON.parse(line) as { check: string }))).toEqual(checksOf(json));
    const quiet = await run(['doctor', '--quiet']);
    expect(quiet.out).not.toMatch(/^ok /m);
    expect(quiet.err).toBe('');
  });
});
