import { deflateSync, gzipSync } from 'node:zlib';
import { readEvidence } from '../../../proof/judge/evidence/read-evidence';
import { judgeRound } from '../../../proof/judge/judge-round';
import { findSecret } from '../../../proof/judge/secrets/find-secret';
import { DoctoredRound } from './doctored-round';

const CANARY = 'Canary-7"\\%/õ-Zq9x';
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const eachByte = (form: (byte: number) => string) => [...Buffer.from(CANARY)].map(form).join('');
const hex = (byte: number) => byte.toString(16).padStart(2, '0');

const ENCODINGS: readonly (readonly [title: string, text: string])[] = [
  ['raw', CANARY],
  ['as base64', base64(CANARY)],
  ['as base64 behind one byte', base64(`x${CANARY}y`)],
  ['as base64 behind two bytes', base64(`xy${CANARY}z`)],
  ['as base64 for URLs', Buffer.from(`user:${CANARY}`).toString('base64url')],
  ['in hex', Buffer.from(CANARY).toString('hex')],
  ['in capital hex', Buffer.from(CANARY).toString('hex').toUpperCase()],
  ['percent-encoded', encodeURIComponent(CANARY)],
  ['percent-encoded byte by byte', eachByte((byte) => `%${hex(byte)}`)],
  ['in JSON', JSON.stringify({ password: CANARY })],
  ['in JSON in JSON', JSON.stringify(JSON.stringify({ password: CANARY }))],
  [
    'as escapes of JSON',
    CANARY.split('')
      .map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  ],
  ['compressed by gzip, as base64', base64(gzipSync(`{"token":"${CANARY}"}`))],
  ['compressed by zlib, as base64', base64(deflateSync(`{"token":"${CANARY}"}`))],
  ['as base64 of JSON of base64', base64(JSON.stringify({ data: base64(JSON.stringify({ CANARY })) }))],
  ['compressed twice', base64(gzipSync(base64(gzipSync(CANARY))))],
];

const IN_EVERY_SINK = ['raw', 'as base64 behind one byte', 'compressed by gzip, as base64'];

type Planter = (round: DoctoredRound, text: string) => unknown;
const SINKS: readonly (readonly [title: string, plant: Planter])[] = [
  ['a payload of a history', (round, text) => round.text(round.historyFile(), inPayload(text))],
  ['a failure of a history', (round, text) => round.text(round.historyFile(), inFailure(text))],
  [
    'a log',
    (round, text) => round.text(round.workerLog(), (log) => `${log}{"message":"login ${text} done"}\n`),
  ],
  [
    'the output of a caller',
    (round, text) => round.callers((caller) => ({ ...caller, stderr: `error: ${text}` })),
  ],
  [
    'the arguments of a process',
    (round, text) => round.callers((caller) => ({ ...caller, argv: [...caller.argv, text] })),
  ],
  ['a memo', (round, text) => round.run((run) => ({ ...run, memo: { ...run.memo, note: text } }))],
  ['a search attribute', (round, text) => round.run((run) => ({ ...run, searchAttributes: { x: [text] } }))],
  [
    'the file of the server',
    (round, text) =>
      round.add(
        'database.bin',
        Buffer.concat([Buffer.from([0, 255, 1]), Buffer.from(text), Buffer.from([0])]),
      ),
  ],
];

const inPayload = (text: string) => (history: string) =>
  history.replace(/"data":"[^"]*"/, `"data":"${base64(JSON.stringify({ note: text }))}"`);
const inFailure = (text: string) => (history: string) =>
  history.replace(
    '{"events":[',
    `{"events":[{"eventType":"X","failure":{"stackTrace":${JSON.stringify(text)}}},`,
  );

function found(plant: (round: DoctoredRound) => unknown): readonly string[] {
  const round = new DoctoredRound('clone-cancelled');
  try {
    round.json('secrets', () => ({ canaries: [{ name: 'password', value: CANARY }] }));
    plant(round);
    return judgeRound(readEvidence(round.folder))
      .checks.filter(({ verdict }) => verdict === 'violation')
      .map(({ id, because }) => `${id}: ${because}`);
  } finally {
    round.remove();
  }
}

describe('a canary in a round', () => {
  test('nowhere: nothing is found', () => {
    expect(found(() => undefined)).toEqual([]);
  });

  test.each(ENCODINGS)('within a text, %s: is found', (_how, text) => {
    const bytes = Buffer.from(`before ${text} after`).toString('latin1');
    expect(findSecret(CANARY, bytes)).toEqual(expect.any(String));
    expect(findSecret('another-canary', bytes)).toBeUndefined();
  });

  const COMBINATIONS = SINKS.flatMap(([sink, plant]) =>
    ENCODINGS.filter(([how]) => IN_EVERY_SINK.includes(how)).map(([how, text]) => ({
      sink,
      how,
      plant,
      text,
    })),
  );
  test.each(COMBINATIONS)('in $sink, $how: J11 finds it', ({ plant, text }) => {
    const reasons = found((round) => plant(round, text));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^J11: the canary password is in (histories|logs|callers|runs|database)/);
    expect(reasons[0]).not.toContain(CANARY);
  });

  test("in the simulator's log behind its first line: J11 finds it", () => {
    const reasons = found((round) =>
      round.add('logs/simulator-0.log', `{"controlUrl":"x","password":"${CANARY}"}\nerror ${CANARY}\n`),
    );
    expect(reasons).toEqual([expect.stringMatching(/^J11: .*logs\/simulator-0\.log/)]);
  });

  test("on the simulator's first line, which says its passwords: is no leak", () => {
    const first = JSON.stringify({ controlUrl: 'x', password: CANARY });
    expect(found((round) => round.add('logs/simulator-0.log', `${first}\n`))).toEqual([]);
  });
});
