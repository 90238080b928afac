import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { LogEntry, LogLevel } from '@temporalio/worker';
import { mask, type SecretStore } from '../../../src/vsphere';
import { knownSecrets, logLine } from '../../../src/worker/logging';
import { findSecrets } from '../../secrets/find-secrets';

/** With characters that JSON, URLs and base64 each write in another way. */
const CANARY = `Canary/${randomBytes(9).toString('base64url')}+"&ü`;
const LEVELS: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

const entry = (change: Partial<LogEntry> = {}): LogEntry => ({
  level: 'INFO',
  message: 'said',
  timestampNanos: 1_700_000_000_000_000_000n,
  ...change,
});
function knowing(...secrets: string[]): SecretStore {
  const known = knownSecrets();
  for (const secret of secrets) known.add(secret);
  return known;
}
const parsed = (line: string) => JSON.parse(line) as Record<string, unknown>;

const FORMS: readonly (readonly [string, (canary: string) => string])[] = [
  ['raw', (canary) => canary],
  ['as JSON writes it', (canary) => JSON.stringify({ canary })],
  ['as a URL writes it', encodeURIComponent],
  ['in hexadecimal', (canary) => Buffer.from(canary).toString('hex')],
  ...[0, 1, 2].map(
    (before) =>
      [
        `in base64 with ${before} bytes before it`,
        (canary: string) => Buffer.from(`${'x'.repeat(before)}${canary}yz`).toString('base64'),
      ] as const,
  ),
  ['in base64 for URLs', (canary) => Buffer.from(canary).toString('base64url')],
];

const PLACES: readonly (readonly [string, (text: string) => Partial<LogEntry>])[] = [
  ['the message', (text) => ({ message: `before ${text} after` })],
  ['a field', (text) => ({ meta: { note: text } })],
  ['the name of a field', (text) => ({ meta: { [text]: 1 } })],
  ['a list within fields', (text) => ({ meta: { deep: { list: [0, { text }] } } })],
  ['an error', (text) => ({ meta: { error: new Error(text) } })],
  ["an error's cause", (text) => ({ meta: { error: new Error('x', { cause: new Error(text) }) } })],
  ['the cause that is no error', (text) => ({ meta: { error: new Error('x', { cause: { text } }) } })],
  ['bytes', (text) => ({ meta: { bytes: Buffer.from(text) } })],
  ['an id', (text) => ({ meta: { workflowId: `snapflow:default:${text}`, activityId: '1', attempt: 1 } })],
];

describe.each(FORMS)('a secret in use, written %s', (_form, write) => {
  test.each(PLACES)('is masked in %s at every level', (place, at) => {
    for (const level of LEVELS) {
      const change = at(write(CANARY));
      // The scanner sees it before, so it would see it after.
      if (place !== 'an id') expect(inspect(change, { depth: 9 }).length).toBeGreaterThan(10);
      const line = logLine(entry({ level, ...change }), knowing(CANARY));
      expect(findSecrets([CANARY], parsed(line))).toEqual([]);
      expect(findSecrets([CANARY], line)).toEqual([]);
      expect(line).toContain('[secret]');
      expect(parsed(line)['level']).toBe(level);
      expect(logLine(entry({ level, ...change }), knowing())).not.toContain('[secret]');
    }
  });
});

/** Nobody told the logger of these: their surroundings give them away. */
const STRANGER = randomBytes(12).toString('base64url');
test.each([
  ['a Basic header', `Authorization: Basic ${STRANGER}==`],
  ['a Bearer header', `authorization: Bearer ${STRANGER}`],
  ['a header in JSON', JSON.stringify({ authorization: `Basic ${STRANGER}` })],
  ['a header in JSON in JSON', JSON.stringify(JSON.stringify({ 'vmware-api-session-id': STRANGER }))],
  ['a session header', `vmware-api-session-id: ${STRANGER}`],
  ['a list of raw headers', JSON.stringify(['vmware-api-session-id', STRANGER])],
  ['credentials alone', `it sent Basic ${STRANGER}`],
  ['a signed header', `Authorization: SIGN token="${STRANGER}"`],
  ['an assertion', `<saml2:Assertion ID="1"><a>${STRANGER}</a></saml2:Assertion>`],
  ['an assertion that was cut off', `<Assertion ID="1"><a>${STRANGER}</a>`],
])('%s is masked although the secret is not known', (_what, text) => {
  for (const line of [
    logLine(entry({ message: text }), knowing()),
    logLine(entry({ meta: { deep: { text } } }), knowing()),
    logLine(entry({ meta: { error: new Error(text) } }), knowing()),
  ])
    expect(findSecrets([STRANGER], [line, parsed(line)])).toEqual([]);
});

test.each([
  'authorization',
  'Authorization',
  'vmware-api-session-id',
  'password',
  'apiKey',
  'api_key',
  'token',
])('a field called %s is masked whatever it holds', (name) => {
  const line = logLine(entry({ meta: { headers: { [name]: [STRANGER] } } }), knowing());
  expect(findSecrets([STRANGER], line)).toEqual([]);
  expect(parsed(line)['headers']).toEqual({ [name]: '[secret]' });
});

test('what is no secret stays as it is', () => {
  const message =
    'login to https://vcenter.example as svc@vsphere.local: basic checks passed, token bucket full';
  expect(parsed(logLine(entry({ message, meta: { taskId: 'task-1', n: 3n } }), knowing(CANARY)))).toEqual({
    time: '2023-11-14T22:13:20.000Z',
    level: 'INFO',
    message,
    taskId: 'task-1',
    n: '3',
  });
});

test('a line of an activity has its ids, and not its token', () => {
  const meta = {
    sdkComponent: 'activity',
    namespace: 'default',
    taskToken: 'AAAA',
    workflowId: 'snapflow:lab:build-1',
    workflowRunId: 'run-1',
    workflowType: 'linkedCloneVm',
    activityId: '5',
    activityType: 'awaitTask',
    attempt: 2,
    isLocal: false,
  };
  expect(parsed(logLine(entry({ meta }), knowing()))).toMatchObject({
    workflowId: 'snapflow:lab:build-1',
    runId: 'run-1',
    workflow: 'linkedCloneVm',
    connection: 'lab',
    activity: 'awaitTask',
    attempt: 2,
    requestId: 'snapflow:lab:build-1/5/2',
  });
  expect(logLine(entry({ meta }), knowing())).not.toMatch(/taskToken|isLocal/);
});

test('a field cannot take the place of time, level or message', () => {
  const line = logLine(entry({ meta: { level: 'x', message: 'y', time: 'z' } }), knowing());
  expect(parsed(line)).toMatchObject({ level: 'INFO', message: 'said', time: '2023-11-14T22:13:20.000Z' });
});

test('a cycle and a line break end in one line', () => {
  const loop: Record<string, unknown> = { text: 'a\nb' };
  loop['self'] = loop;
  const line = logLine(entry({ meta: { loop } }), knowing());
  expect(line).not.toContain('\n');
  expect(line.length).toBeLessThan(1_000);
});

test('the secrets in use are bounded: one that is told again stays, one that is not is forgotten', () => {
  const known = knowing('kept-forever', 'gone-soon');
  for (let index = 0; index < 1_200; index++) {
    known.add(`other-secret-${index}`);
    known.add('kept-forever');
  }
  expect(mask('kept-forever gone-soon', known)).toBe('[secret] gone-soon');
});

test('what a terminal would act on is written as its escape, and reads back as it was', () => {
  const steering = '\u001b[2J\u009b31m\u202e\u200b\u2028';
  const line = logLine(entry({ message: steering }), knowing());
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(parsed(line)).toMatchObject({ message: steering });
});
