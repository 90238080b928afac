import { listExitCode } from '../../../src/cli/commands/list';
import { resumeHint } from '../../../src/cli/follow';
import { COMMANDS, runCli } from '../../../src/cli/program';

let out: jest.SpyInstance;
let err: jest.SpyInstance;
const written = (spy: jest.SpyInstance): string => spy.mock.calls.map(([text]) => String(text)).join('');

beforeEach(() => {
  out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  err = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const run = (...words: string[]) => runCli(['node', 'snapflow', ...words]);

test('help and version are answers on stdout', async () => {
  expect(await run('--help')).toBe(0);
  expect(written(out)).toContain('Exit codes:');
  expect(await run('--version')).toBe(0);
  expect(written(err)).toBe('');
});

test.each(COMMANDS.map(({ name }) => name))('the help of %s has examples of itself', async (name) => {
  expect(await run(name, '--help')).toBe(0);
  expect(written(out)).toMatch(new RegExp(`Examples:\\n  \\$ .*snapflow ${name}`));
});

test.each([
  [['clon'], 'clon is no command: did you mean clone?\n'],
  [['clone', '--nam', 'x'], '--nam is no option: did you mean --name?\n'],
  [
    ['clone', '--vm', 'a', '--deadline', '5'],
    '--deadline is "5": give a number with a unit, for example 90s, 15m or 2h.\n',
  ],
  [['clone', '--vm', 'a', '--on-failure', 'shrug'], '--on-failure is "shrug": give one of delete, keep.\n'],
  [
    ['clone', '--on-failure', 'delte'],
    '--on-failure is "delte": give one of delete, keep; did you mean delete?\n',
  ],
  [['status', 'x', '-o', 'jsn'], '--output is "jsn": give one of table, json, jsonl; did you mean json?\n'],
  [['simulator', '--release', '9.1'], '--release is "9.1": give one of 9.1.0.0, 9.0.0.0, 8.0.3.0.\n'],
  [['completion', 'fihs'], '<shell> is "fihs": give one of bash, zsh, fish; did you mean fish?\n'],
  [['completion'], '<shell>: missing.\n'],
  [['explain', 'name-taken'], 'did you mean NameTaken?\n'],
  [['list', '--state', 'runing'], '--state is "runing": give some of running, succeeded'],
  [['dev', '--port', '70000'], '--port is "70000": give a port from 0 to 65535.'],
  [['status'], '<id>: missing.\n'],
  [['snapshots'], '--vm: missing.\n'],
  [['snapshots', '--vm'], '--vm: give a value.\n'],
  [['status', 'a', 'b'], 'status: 2 words are given, but it takes 1: quote one that has blanks.\n'],
  [['resolv', 'x'], 'did you mean resolve?'],
  [['resolve', 'x', '--repea'], 'did you mean --repeat?'],
  [['resolve', 'x'], 'Give exactly one of --task, --vm, --done, --repeat and --abandon.'],
  [['resolve', 'x', '--done', '--repeat'], 'Give exactly one of'],
  [['revert', '--vm', 'a', '--restore-powr'], 'did you mean --restore-power?'],
  [['revert', '--vm', 'a', '--yes'], '--snapshot: '],
  [['delete'], '<id>: missing.\n'],
  [[], 'Usage: snapflow'],
])('%j is a usage error that says what to do', async (words, hint) => {
  expect(await run(...words)).toBe(2);
  expect(written(err)).toContain(hint);
  expect(written(out)).toBe('');
});

test('a wrong request is refused before any server is asked, all fields at once', async () => {
  expect(await run('clone', '--name', 'x'.repeat(81), '--request-id', ' ', '--address', '127.0.0.1:1')).toBe(
    2,
  );
  const lines = written(err).trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/[ :].*/, '')).toSorted()).toEqual([
    '--name',
    '--request-id',
    '--snapshot',
    '--vm',
  ]);
});

test('a list of alarms alone exits 1 when there are any', () => {
  expect(listExitCode(['needs-decision', 'overdue', 'blocked'], 1)).toBe(1);
  expect(listExitCode(['overdue'], 0)).toBe(0);
  expect(listExitCode(['overdue', 'running'], 3)).toBe(0);
  expect(listExitCode(undefined, 3)).toBe(0);
});

test('the way back can be pasted into a shell', () => {
  expect(resumeHint('build-42', undefined)).toBe(
    'Still running. Reattach: snapflow wait build-42 · Stop it: snapflow cancel build-42',
  );
  expect(resumeHint("it's 42", 'lab')).toBe(
    String.raw`Still running. Reattach: snapflow wait 'it'\''s 42' --connection lab · Stop it: snapflow cancel 'it'\''s 42' --connection lab`,
  );
});

test.each([
  [['clone', '--json', '--zzzzzz'], 'UsageError', '--zzzzzz is no option.', 2],
  [['status', '-o', 'json'], 'UsageError', '<id>: missing.', 2],
  [['resolve', 'x', '--output=json'], 'UsageError', 'Give exactly one of', 2],
  [['clone', '--json'], 'RequestInvalid', '--vm: ', 2],
  [['status', 'x', '--json', '--address', '127.0.0.1:1'], 'TemporalUnavailable', 'No Temporal server', 4],
])('with JSON, %j writes why it failed on stdout, too', async (words, type, message, exitCode) => {
  expect(await run(...words)).toBe(exitCode);
  const { error } = JSON.parse(written(out)) as { error: { message: string } };
  expect(error).toMatchObject({ type, exitCode, message: expect.stringContaining(message) });
  expect(written(err)).toContain(error.message.split('\n')[0]);
});

test('with JSON lines the error is a line behind the version', async () => {
  expect(await run('status', 'x', '-ojsonl', '--address', '127.0.0.1:1')).toBe(4);
  const lines = written(out).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['version', 'error']);
});
