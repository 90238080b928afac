import type { Socket } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Attack, Outcome } from './attacked-client';
import { startProgram, type Program } from '../environment/program';
import { answer, SESSION, startEvilSite, type Evil, type EvilSite } from './evil-site';

jest.setTimeout(60_000);

/** Long enough for 8 MiB on a busy machine; what never ends takes it whole. */
const DEADLINE_MS = 1_500;
const SLACK_MS = 1_500;
const MAX_GROWTH_KIB = 64 * 1024;

let site: EvilSite;
let elsewhere: EvilSite;
let client: Program;

beforeAll(async () => {
  site = await startEvilSite();
  elsewhere = await startEvilSite();
  client = startProgram(['--expose-gc', '--import', 'tsx', join(__dirname, 'attacked-client.ts')]);
  // The first calls load what every later one uses.
  for (const call of ['task', 'start', 'vms'] as const) await attacked(call, (socket) => void socket.end());
});

afterAll(async () => {
  await client.stop(0);
  await site.stop();
  await elsewhere.stop();
});

async function attacked(call: Attack['call'], evil: Evil, more: Partial<Attack> = {}): Promise<Outcome> {
  site.evil = evil;
  site.forget();
  const attack: Attack = { url: site.url, call, callDeadlineMs: DEADLINE_MS, ...more };
  return (await client.ask(attack)) as Outcome;
}

const TASK = {
  status: 'RUNNING',
  service: 's',
  operation: 'o',
  cancelable: false,
  progress: { total: 100, completed: 5, message: { id: 'x', default_message: 'Copying', args: [] } },
};
const VM = { vm: 'vm-1', name: 'web-01', power_state: 'POWERED_OFF' };
const SNAPSHOT = {
  name: 'nightly',
  snapshot_type: 'ONE_TIME',
  created_at: '2026-01-01T00:00:00Z',
  vm: 'vm-1',
};
const json = (body: unknown): Evil => raw(answer(200, JSON.stringify(body)));
const raw =
  (...parts: readonly (string | Buffer)[]): Evil =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };
const refusal = (status: number, errorType: unknown, text: unknown): Evil =>
  raw(
    answer(
      status,
      JSON.stringify({ error_type: errorType, messages: [{ id: 'x', default_message: text, args: [] }] }),
    ),
  );

/** The same again and again, for as long as somebody takes it. */
const endless =
  (head: string, piece: string): Evil =>
  (socket: Socket) => {
    socket.write(head);
    const flood = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', flood);
    flood();
  };
const drip =
  (head: string, piece: string): Evil =>
  (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(piece), 20);
    socket.on('close', () => clearInterval(timer));
  };
const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const MiB = 1024 * 1024;
const nested = (open: string, close: string, depth = 100_000): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;
/** Colours, moves, a title, a link, C1 controls, turned text, separators, half a character. */
const ESCAPES = '\u001b[31mred\u001b[2J\u001b]0;title\u0007\u009b5A\u202eturned\u2066\u2028line\u200bzero';
const NO_ESCAPES = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;

type Kind = NonNullable<Outcome['kind']>;
type Case = readonly [title: string, call: Attack['call'], evil: Evil, kinds: readonly Kind[] | 'taken'];

/** `taken`: the odd reply says nothing wrong, and what is read of it is harmless. */
const TRANSPORT: readonly Case[] = [
  ['headers without end', 'task', endless(OK, `x-${'a'.repeat(60)}: b\r\n`), ['interrupted']],
  ['one header of 10 MiB', 'task', raw(OK, `x: ${'a'.repeat(10 * MiB)}\r\n\r\n{}`), ['interrupted']],
  ['100,000 headers', 'task', raw(OK, 'x: y\r\n'.repeat(100_000), '\r\n{}'), ['interrupted']],
  ['no HTTP at all', 'task', raw('hello, who is there?\r\n\r\n'), ['interrupted']],
  [
    'the first bytes of a TLS handshake',
    'task',
    raw(Buffer.from('1603010200010001fc0303', 'hex')),
    ['interrupted'],
  ],
  ['a negative status', 'task', raw('HTTP/1.1 -1 No\r\ncontent-length: 0\r\n\r\n'), ['interrupted']],
  ['status 000', 'task', raw('HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n'), ['interrupted', 'malformed']],
  ['status 999', 'task', raw(answer(999, '{}')), ['interrupted', 'server-error']],
  ['a negative length', 'task', raw(`${OK}content-length: -5\r\n\r\n{}`), ['interrupted']],
  ['two lengths', 'task', raw(`${OK}content-length: 2\r\ncontent-length: 4\r\n\r\n{}{}`), ['interrupted']],
  [
    'a length and chunks',
    'task',
    raw(`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    ['interrupted'],
  ],
  [
    'a length of 10^15 and a drip',
    'task',
    drip(`${OK}content-length: 1000000000000000\r\n\r\n`, ' '),
    ['interrupted'],
  ],
  [
    'a length too short, and a second reply behind it',
    'start',
    raw(answer(202, '"task-7"'), answer(202, '"task-8"')),
    'taken',
  ],
  [
    'two replies to one call, the first of them no task',
    'task',
    raw(answer(200, '{}'), answer(200, JSON.stringify(TASK))),
    'taken',
  ],
  [
    'a chunk of 2^64 bytes',
    'task',
    raw(`${OK}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}`),
    ['interrupted'],
  ],
  [
    'a chunk without a size',
    'task',
    raw(`${OK}transfer-encoding: chunked\r\n\r\nxyz\r\n{}\r\n`),
    ['interrupted'],
  ],
  [
    'chunk extensions without end',
    'task',
    endless(`${OK}transfer-encoding: chunked\r\n\r\n5;`, 'a=b;'.repeat(1_000)),
    ['interrupted'],
  ],
  [
    'trailers without end',
    'task',
    endless(`${OK}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`, 'x: y\r\n'.repeat(100)),
    ['interrupted'],
  ],
  [
    '100 Continue without end',
    'task',
    endless('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
    ['interrupted'],
  ],
  [
    'a switch of protocols',
    'task',
    raw('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ['interrupted'],
  ],
  ['a header with a NUL', 'task', raw(`${OK}x: a\u0000b\r\ncontent-length: 2\r\n\r\n{}`), ['interrupted']],
  [
    'lines that end in LF alone',
    'task',
    raw('HTTP/1.1 200 OK\ncontent-length: 2\n\n{}'),
    ['interrupted', 'malformed'],
  ],
  ['a body without end', 'task', endless(`${OK}\r\n`, 'x'.repeat(65_536)), ['interrupted']],
  ['a body that drips', 'start', drip(`${OK}\r\n`, ' '), ['interrupted']],
  ['a head that drips', 'task', drip('HTTP/1.1 200 OK\r\n', 'x'), ['interrupted']],
  ['silence', 'task', () => undefined, ['interrupted']],
  ['half a reply and silence', 'task', raw(`${OK}content-length: 50\r\n\r\n{"status":`), ['interrupted']],
];

const zeros = Buffer.alloc(64 * MiB);
const encoded = (encoding: string, body: Buffer): Evil =>
  raw(`${OK}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`, body);

const BODIES: readonly Case[] = [
  ['a gzip bomb of 64 MiB', 'task', encoded('gzip', gzipSync(zeros)), ['interrupted']],
  ['a brotli bomb of 64 MiB', 'task', encoded('br', brotliCompressSync(zeros)), ['interrupted']],
  ['100,000 levels of lists', 'task', raw(answer(200, nested('[', ']'))), ['malformed']],
  ['100,000 levels of objects', 'task', raw(answer(200, nested('{"a":', '}'))), 'taken'],
  [
    '100,000 levels where a result is',
    'task',
    raw(
      answer(
        200,
        JSON.stringify({ ...TASK, result: 0 }).replace('"result":0', `"result":${nested('[', ']')}`),
      ),
    ),
    'taken',
  ],
  [
    '100,000 levels in an error',
    'task',
    raw(answer(400, `{"error_type":"ERROR","messages":${nested('[', ']')}}`)),
    ['server-error'],
  ],
  [
    'a status by __proto__',
    'task',
    raw(answer(200, `{"__proto__":${JSON.stringify({ ...TASK, status: 'SUCCEEDED' })}}`)),
    'taken',
  ],
  [
    'a status by constructor.prototype',
    'task',
    raw(answer(200, `{"constructor":{"prototype":${JSON.stringify(TASK)}}}`)),
    'taken',
  ],
  ['an error type __proto__', 'task', refusal(400, '__proto__', 'x'), ['server-error']],
  [
    'plain text that is JSON',
    'task',
    raw(answer(200, JSON.stringify(TASK), 'content-type: text/plain\r\n')),
    'taken',
  ],
  [
    'HTML with status 200',
    'task',
    raw(answer(200, '<html>hi</html>', 'content-type: text/html\r\n')),
    ['interrupted'],
  ],
  [
    'invalid UTF-8',
    'vms',
    (socket) => {
      const body = Buffer.concat([
        Buffer.from('[{"vm":"vm-1","name":"we'),
        Buffer.from([0xff, 0xc0, 0x80]),
        Buffer.from('b","power_state":"POWERED_ON"}]'),
      ]);
      socket.write(`${OK}content-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    },
    'taken',
  ],
  [
    'UTF-16',
    'task',
    (socket) => {
      const body = Buffer.from(`\ufeff${JSON.stringify(TASK)}`, 'utf16le');
      socket.write(`${OK}content-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    },
    ['malformed'],
  ],
  ['a byte order mark', 'task', raw(answer(200, `\ufeff${JSON.stringify(TASK)}`)), 'taken'],
  ['JSON and more behind it', 'task', raw(answer(200, `${JSON.stringify(TASK)}{}`)), ['malformed']],
  [
    'the status twice',
    'task',
    raw(answer(200, JSON.stringify(TASK).replace('{', '{"status":"SUCCEEDED",'))),
    'taken',
  ],
  ['an unknown status', 'task', json({ ...TASK, status: 'DONE' }), 'taken'],
  ['a status in small letters', 'task', json({ ...TASK, status: 'running' }), 'taken'],
  [
    'progress beyond the total',
    'task',
    json({ ...TASK, progress: { ...TASK.progress, completed: 900 } }),
    'taken',
  ],
  [
    'negative progress',
    'task',
    json({ ...TASK, progress: { ...TASK.progress, completed: -900, total: -1 } }),
    'taken',
  ],
  [
    'progress of 1e400',
    'task',
    raw(answer(200, JSON.stringify(TASK).replace('"completed":5', '"completed":1e400'))),
    'taken',
  ],
  [
    'a date in the year 10000',
    'snapshots',
    json({ items: [{ snapshot: 's', info: { ...SNAPSHOT, created_at: '+010000-01-01T00:00:00Z' } }] }),
    'taken',
  ],
  [
    'the 30th of February',
    'snapshots',
    json({ items: [{ snapshot: 's', info: { ...SNAPSHOT, created_at: '2026-02-30T00:00:00Z' } }] }),
    'taken',
  ],
  ['a start in the year 0', 'task', json({ ...TASK, start_time: '0000-00-00T00:00:00Z' }), 'taken'],
  ['a name of 7 MiB', 'vms', json([{ ...VM, name: 'x'.repeat(7 * MiB) }]), 'taken'],
  ['an id of 7 MiB', 'vms', json([{ ...VM, vm: 'x'.repeat(7 * MiB) }]), ['malformed']],
  ['4000 machines', 'vms', json(Array.from({ length: 4000 }, () => VM)), 'taken'],
  ['5001 machines', 'vms', json(Array.from({ length: 5001 }, () => VM)), ['malformed']],
  ['100,000 machines', 'vms', json(Array.from({ length: 100_000 }, () => VM)), ['malformed']],
  [
    'two million machines without anything',
    'vms',
    raw(answer(200, `[${'{},'.repeat(2_000_000)}{}]`)),
    ['malformed'],
  ],
  ['60,000 machines without anything', 'vms', raw(answer(200, `[${'{},'.repeat(60_000)}{}]`)), ['malformed']],
  [
    'four million tasks that are 0',
    'tasks',
    raw(answer(200, `{"items":[${'0,'.repeat(4_000_000)}0]}`)),
    ['malformed'],
  ],
  ['5000 tasks without anything', 'tasks', raw(answer(200, `{"items":[${'{},'.repeat(4999)}{}]}`)), 'taken'],
  [
    '150,000 snapshots that are 0',
    'snapshots',
    raw(answer(200, `{"items":[${'0,'.repeat(150_000)}0]}`)),
    ['malformed'],
  ],
  [
    'four million lists in one another',
    'vms',
    raw(answer(200, `${'['.repeat(4_000_000)}${']'.repeat(4_000_000)}`)),
    ['malformed'],
  ],
  [
    'a refusal with four million messages',
    'start',
    raw(answer(400, `{"error_type":"INVALID_ARGUMENT","messages":[${'0,'.repeat(4_000_000)}0]}`)),
    ['server-error', 'interrupted'],
  ],
  [
    'a refusal with 150,000 messages',
    'start',
    raw(answer(400, `{"error_type":"INVALID_ARGUMENT","messages":[${'0,'.repeat(150_000)}0]}`)),
    ['invalid-argument'],
  ],
  ['a list that is an object', 'vms', json({ length: 1e9, 0: VM }), ['malformed']],
  [
    'progress that tells 1 MiB',
    'task',
    json({
      ...TASK,
      progress: { ...TASK.progress, message: { id: 'x', default_message: 'x'.repeat(MiB), args: [] } },
    }),
    'taken',
  ],
  [
    'progress that moves the cursor',
    'task',
    json({
      ...TASK,
      progress: { ...TASK.progress, message: { id: 'x', default_message: ESCAPES, args: [] } },
    }),
    'taken',
  ],
  [
    'progress that repeats the session',
    'task',
    json({
      ...TASK,
      progress: { ...TASK.progress, message: { id: 'x', default_message: `it is ${SESSION}`, args: [] } },
    }),
    'taken',
  ],
  [
    'progress that repeats the password',
    'task',
    json({
      ...TASK,
      progress: {
        ...TASK.progress,
        message: { id: 'x', default_message: 'it is correct-horse-battery', args: [] },
      },
    }),
    'taken',
  ],
  [
    'a failed task that tells 1 MiB with escapes',
    'task',
    json({
      status: 'FAILED',
      service: 's',
      operation: 'o',
      cancelable: false,
      error: { error_type: ESCAPES, messages: [{ default_message: ESCAPES.repeat(30_000) }] },
    }),
    'taken',
  ],
  ['an error of 1 MiB', 'start', refusal(400, 'INVALID_ARGUMENT', 'x'.repeat(MiB)), ['invalid-argument']],
  ['an error type of 1 MiB', 'start', refusal(400, 'x'.repeat(MiB), 'x'), ['server-error']],
  ['an error with escapes', 'start', refusal(400, 'INVALID_ARGUMENT', ESCAPES), ['invalid-argument']],
  ['an error type with escapes', 'start', refusal(500, ESCAPES, 'x'), ['server-error']],
  [
    'an error that repeats password and session',
    'start',
    refusal(400, 'INVALID_ARGUMENT', `correct-horse-battery ${SESSION}`),
    ['invalid-argument'],
  ],
  ['an error type that repeats the session', 'start', refusal(500, SESSION, 'x'), ['server-error']],
  [
    '100,000 messages',
    'start',
    raw(
      answer(
        400,
        JSON.stringify({
          error_type: 'ERROR',
          messages: Array.from({ length: 100_000 }, () => ({ default_message: 'x' })),
        }),
      ),
    ),
    ['interrupted'],
  ],
];

/** A start's reply is an id, which goes into paths, headers of logs, and commands to be pasted. */
const IDS: readonly (readonly [string, unknown])[] = [
  ['with a line break', 'task-1\r\nx-evil: 1'],
  ['with a NUL', 'task-\u0000'],
  ['with an escape', `task-${ESCAPES}`],
  ['of one dot', '.'],
  ['of two dots', '..'],
  ['of 1 MiB', 'x'.repeat(MiB)],
  ['that is half a character', 'task-\ud800'],
  ['that is empty', ''],
  ['that is a number', 7],
  ['that is a list', ['task-1']],
  ['that is null', null],
];
const IN_PLACE = [
  '../../session',
  'task-1?status=SUCCEEDED',
  'task-1#x',
  'task/1',
  '%2e%2e',
  '..%2f..',
  'a;b',
  '-rf',
];

const CASES: readonly Case[] = [
  ...TRANSPORT,
  ...BODIES,
  ...IDS.map(([what, id]): Case => [
    `a start answered with an id ${what}`,
    'start',
    raw(answer(202, JSON.stringify(id))),
    ['malformed'],
  ]),
];

test('there are at least 40 malicious replies', () => {
  expect(new Set(CASES.map(([title]) => title)).size).toBe(CASES.length);
  expect(CASES.length).toBeGreaterThanOrEqual(40);
});

function expectHarmless({ tookMs, grownKiB, name, message = '', texts = [], value }: Outcome): void {
  // Anything but a VsphereError would be an unknown error of the client.
  expect({ name, message: name === undefined ? '' : message }).toEqual({ name: undefined, message: '' });
  expect(tookMs).toBeLessThan(DEADLINE_MS + SLACK_MS);
  expect(grownKiB).toBeLessThan(MAX_GROWTH_KIB);
  for (const text of [message, ...texts, ...textsIn(value)]) {
    expect(text).toMatch(NO_ESCAPES);
    expect(text.length).toBeLessThan(2_100);
    expect(text).not.toContain('correct-horse-battery');
    expect(text).not.toContain(SESSION);
  }
  expect(message.length).toBeLessThan(1_200);
}

const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

test.each(CASES.filter(([, , , kinds]) => kinds !== 'taken'))(
  '%s: a typed failure within deadline and memory',
  async (_title, call, evil, kinds) => {
    const outcome = await attacked(call, evil);
    expectHarmless(outcome);
    expect<readonly string[]>([kinds].flat()).toContain(outcome.kind);
    if (call !== 'start') expect(outcome.effect).toBe('none');
  },
);

test.each(CASES.filter(([, , , kinds]) => kinds === 'taken'))(
  '%s: read without a failure within deadline and memory, every text of it clean',
  async (_title, call, evil) => {
    const outcome = await attacked(call, evil);
    expectHarmless(outcome);
    expect(outcome.kind).toBeUndefined();
    expect(outcome.value).toBeDefined();
  },
);

test.each(['DONE', 'running', '<b>', '\u202eDEECCUS'])('the status %j is read as UNKNOWN', async (status) => {
  const outcome = await attacked('task', json({ ...TASK, status }));
  expect(outcome.value).toMatchObject({ status: 'UNKNOWN' });
});

test.each([301, 302, 303, 307, 308])(
  'a redirect %i to another host is not followed, and the other host hears nothing',
  async (status) => {
    elsewhere.forget();
    for (const call of ['task', 'start', 'vms'] as const) {
      const outcome = await attacked(
        call,
        raw(answer(status, '', `location: ${elsewhere.url}/x\r\nset-cookie: a=b\r\n`)),
      );
      expectHarmless(outcome);
      expect(outcome.kind).toBe('interrupted');
    }
    expect(elsewhere.received()).toBe('');
  },
);

describe('a server that is evil from its first word', () => {
  beforeAll(() => void (site.everything = true));
  afterAll(() => void (site.everything = false));

  const LOGINS: readonly (readonly [string, Evil])[] = [
    ['a release of 1 MiB', json({ version: 'x'.repeat(MiB) })],
    ['a release with escapes', json({ version: `7.0${ESCAPES}` })],
    ['a session with a line break', raw(answer(201, JSON.stringify('a\r\nx-evil: 1')))],
    ['a session of 1 MiB', raw(answer(201, JSON.stringify('x'.repeat(MiB))))],
    [
      'a refusal that repeats what it was told',
      (socket) => {
        const [credentials = ''] = site.received().match(/Basic \S+/i) ?? [''];
        refusal(401, 'UNAUTHENTICATED', credentials)(socket);
      },
    ],
    ['nothing but ERROR', refusal(500, 'ERROR', ESCAPES)],
  ];

  test.each(LOGINS)('%s: a typed failure', async (_what, evil) => {
    for (const call of ['task', 'vms'] as const) {
      const outcome = await attacked(call, evil);
      expectHarmless(outcome);
      expect(outcome.kind).toEqual(expect.any(String));
      expect(outcome.message).not.toContain(Buffer.from('w:correct-horse-battery').toString('base64'));
    }
  });
});

describe.each(IN_PLACE)('an id %s that a server gave', (id) => {
  const segment = encodeURIComponent(id);
  const VM_PATH = '/api/snapservice/clusters/domain-c1/virtual-machines';

  test('is taken as it is', async () => {
    const started = await attacked('start', raw(answer(202, JSON.stringify(id))));
    expect(started.value).toBe(id);
  });

  test.each([
    ['task', `GET /api/snapservice/tasks/${segment}`],
    ['snapshots', `GET ${VM_PATH}/${segment}/snapshots`],
    ['start', `POST ${VM_PATH}/${segment}?action=revert&vmw-task=true`],
  ] as const)('is one segment of the path that a %s asks for', async (call, line) => {
    await attacked(call, raw(answer(200, '{}')), { id });
    expect(asked()).toEqual([line]);
  });
});

/** The request lines that the site received, but for those of login, logout and the look at the release. */
const asked = (): readonly string[] =>
  [...site.received().matchAll(/^([A-Z]+ \S+) HTTP\/1\.1\r$/gm)]
    .map(([, line = '']) => line)
    .filter((line) => !/ \/api\/(?:session|snapservice\/(?:sessions|info\/about))$/.test(line));

test('the measure is awake: without the bound of a reply the same body grows the client beyond the limit', async () => {
  const outcome = await attacked('task', json({ ...TASK, service: 'x'.repeat(150 * MiB) }), {
    maxReplyBytes: 1024 * MiB,
    callDeadlineMs: 20_000,
  });
  expect(outcome.grownKiB).toBeGreaterThan(MAX_GROWTH_KIB);
});
