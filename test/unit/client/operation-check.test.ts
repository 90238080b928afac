import { execFileSync } from 'node:child_process';
import { needsAttention, terminatedRun } from '../../../src/client/doctor-operations';
import type { ListedOperation } from '../../../src/client/list';
import { operationCommand, shellWord } from '../../../src/contract/text';

const HOSTILE = [
  "x'; touch owned; '",
  '$(touch owned)',
  '`touch owned`',
  'a & touch owned',
  'a "b" \\ !x',
  '~root *',
  '-x',
  '--help',
];

/** The words that a shell makes of the command. */
const wordsOf = (command: string): readonly string[] =>
  execFileSync('sh', ['-c', `snapflow() { printf '%s\\0' "$@"; }\n${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

const operation = (id: string, connection: string): ListedOperation => ({
  id,
  workflowId: `snapflow:${connection}:${id}`,
  runId: 'r',
  operation: 'clone',
  state: 'needs-decision',
  vm: 'web-01',
  snapshot: 'latest',
  startedAt: '2026-01-01T00:00:00Z',
});

test.each(HOSTILE)('pasted into a shell, the commands about %j are about it alone', (id) => {
  expect(wordsOf(operationCommand('status', { requestId: id }))).toContain(id);
  expect(wordsOf(`snapflow ${shellWord(id)}`)).toEqual([id]);
  const [attention] = needsAttention(operation(id, 'lab')).remedy?.split(' shows what') ?? [];
  const words = wordsOf(attention ?? '').filter((word) => word !== '--');
  expect(new Set(words)).toEqual(new Set(['status', id, '--connection', 'lab']));
  const options = /with (--request-id.*) --again/.exec(terminatedRun(operation(id, 'lab')).remedy ?? '')?.[1];
  expect(wordsOf(`snapflow ${options}`)).toEqual([`--request-id=${id}`, '--connection', 'lab']);
});

test('an id that looks like an option stands behind what ends the options', () => {
  expect(operationCommand('status', { requestId: '-x', connection: 'lab' })).toBe(
    'snapflow status --connection lab -- -x',
  );
});
