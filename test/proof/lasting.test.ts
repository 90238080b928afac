import { join } from 'node:path';
import { runTool } from '../environment/program';

/** Far above what any of these takes, also on a busy machine. */
const WITHIN_MS = 150_000;
jest.setTimeout(WITHIN_MS + 30_000);

const PROGRAM = join('proof', 'simulation', 'main.ts');
/** The server warns from here on, and ends a run at five times as many. */
const MOST_EVENTS = 10_000;

interface Standing {
  readonly days: number;
  readonly status: string;
  readonly state: string;
  readonly events: number;
  readonly question?: {
    readonly about: string;
    readonly why: string;
    readonly candidates: string[];
    readonly answers: string[];
  };
  readonly failure?: string;
}

/** In a process of its own: it takes the clocks of its process over. */
async function lived(name: string, ...options: readonly string[]): Promise<readonly Standing[]> {
  const { code, stdout, stderr } = await runTool(PROGRAM, ['--lasting', name, ...options], WITHIN_MS);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Standing);
}

test.each([
  ['refusal', 'the start is refused'],
  ['outage', 'ECONNREFUSED'],
  ['outage that comes and goes with a refusal', 'the start is refused'],
])('a month of %s: the run is open within 10,000 events, asks, and goes on to its end', async (name, why) => {
  const [before, after] = await lived(name, '--answer', 'repeat');
  expect(before).toMatchObject({
    days: 30,
    status: 'RUNNING',
    state: 'needs-decision',
    question: { about: 'history', why: expect.stringContaining(why), answers: ['repeat', 'abandon'] },
  });
  expect(before?.events).toBeLessThan(MOST_EVENTS);
  expect(after).toMatchObject({ status: 'COMPLETED', state: 'running' });
});

test.each(['refusal', 'outage'])(
  'two weeks of %s are no question yet: the run goes on by itself',
  async (name) => {
    const [standing] = await lived(name, '--after-hours', '336');
    expect(standing).toMatchObject({ days: 14, status: 'RUNNING' });
    expect(standing?.question).toBeUndefined();
  },
);

test('a month of refusals that an operator gives up ends as refused, and nothing was made', async () => {
  const [, after] = await lived('refusal', '--answer', 'abandon');
  expect(after).toMatchObject({ status: 'FAILED', failure: expect.stringMatching(/^Rejected: .*Too many/) });
});

test('a wait that flaps for a month asks within 10,000 events, and takes the task when it has ended', async () => {
  const [before, after] = await lived('flapping wait', '--answer', 'repeat');
  expect(before).toMatchObject({
    days: 30,
    status: 'RUNNING',
    question: { about: 'history', candidates: [expect.any(String)] },
  });
  expect(before?.events).toBeLessThan(MOST_EVENTS);
  expect(after).toMatchObject({ status: 'COMPLETED' });
});

test.each([
  ['undo of a clone', 'vm.delete of VM vm-2001', 'an operator has it kept'],
  ['undo of a revert', 'revert of VM vm-1001', 'was not undone'],
])('the %s is forbidden: it asks after some hours, and what is kept is named', async (name, why, kept) => {
  const [early] = await lived(name, '--after-hours', '2');
  expect(early).toMatchObject({ status: 'RUNNING' });
  expect(early?.question).toBeUndefined();
  const [before, after] = await lived(name, '--after-hours', '8', '--answer', 'abandon');
  expect(before).toMatchObject({
    status: 'RUNNING',
    state: 'needs-decision',
    question: { about: 'undo', why: expect.stringContaining(why), answers: ['repeat', 'abandon'] },
  });
  expect(after).toMatchObject({ status: 'FAILED', failure: expect.stringContaining(kept) });
  expect(after?.failure).toMatch(/^CompensationIncomplete: /);
});

test.each(['undo of a clone', 'undo of a revert'])(
  'the %s goes on where an operator says so, and asks again while it stays forbidden',
  async (name) => {
    const [before, after] = await lived(name, '--after-hours', '8', '--answer', 'repeat');
    expect(before?.question).toMatchObject({ question: 1 });
    expect(after).toMatchObject({ status: 'RUNNING', question: { question: 2, about: 'undo' } });
  },
);

test('the undo of a clone in an outage of hours asks nothing, and is done once it is over', async () => {
  const [out] = await lived('undo of a clone in an outage', '--after-hours', '7');
  expect(out).toMatchObject({ status: 'RUNNING', state: 'blocked' });
  const [after] = await lived('undo of a clone in an outage', '--after-hours', '10');
  expect(after).toMatchObject({ status: 'CANCELED' });
});
