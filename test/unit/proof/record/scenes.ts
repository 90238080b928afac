import type { Round } from './round';
import { eventually } from '../../../environment/eventually';

/** What a scene plays, and the plan that it keeps to. */
export interface Scene {
  readonly plan: Record<string, unknown>;
  readonly requests: readonly Record<string, unknown>[];
  /** Runs that the server has at the end, locks among them. */
  readonly runs: number;
  readonly play: (round: Round) => Promise<void>;
}

/** On a busy machine; a wait that takes longer is none of the scene's. */
const WITHIN_MS = 60_000;
const until = <T>(what: string, probe: () => Promise<T | undefined | false>) =>
  eventually(what, probe, WITHIN_MS);

const ONE = 'one';
const WHAT = '--vm vm-1001 --snapshot latest';
const clone = (round: Round, requestId: string) =>
  round.caller(requestId, words(`clone ${WHAT} --name ci-1 ${whose(round, requestId)}`));
const revert = (round: Round, requestId: string) =>
  round.caller(requestId, words(`revert ${WHAT} --yes ${whose(round, requestId)}`));
const whose = ({ env: { connection } }: Round, requestId: string) =>
  `--connection ${connection} --request-id ${requestId} -o jsonl`;
const words = (line: string) => line.split(' ');
async function cancel(round: Round, requestId: string) {
  await round.caller(requestId, ['cancel', requestId, '--connection', round.env.connection], 'cancel-asked');
  round.journal({ event: 'cancel-accepted', requestId });
}
const reached = (round: Round, requestId: string, phase: string) =>
  until(`${requestId} is in ${phase}`, async () => (await round.status(requestId))?.phase === phase);
async function accepted(round: Round, requestId: string) {
  const run = await until(`${requestId} is accepted`, () => round.status(requestId));
  round.journal({ event: 'accepted', requestId, workflowId: run.workflowId, runId: run.runId });
}
async function held(round: Round, operation: string) {
  const id = await until(`${operation} is held`, async () => {
    const holds = await round.env.control.holds();
    return holds[0]?.hold;
  });
  return id;
}
const release = (round: Round, hold: string) => round.env.control.release(hold);
/** Long enough that the wait is seen. */
const slow = (round: Round) => round.env.control.settings({ cloneMs: 6_000, revertMs: 6_000 });
const hold = (round: Round, operation: string) =>
  round.env.control.fault({ operation, position: 'after', action: 'hold', count: 1 });

const request = (operation: 'clone' | 'revert', requestId = ONE, attempts = 1) => ({
  requestId,
  operation,
  connection: '',
  vm: 'vm-1001',
  snapshot: 'latest',
  ...(operation === 'clone' ? { name: 'ci-1' } : {}),
  attempts,
});
const expect = (outcomes: readonly string[], undecidable = false) => ({ outcomes, undecidable });

export const SCENES: Readonly<Record<string, Scene>> = {
  'clone-killed-at-its-post': {
    plan: {
      kind: 'window',
      operation: 'clone',
      window: 'K12',
      fault: 'sigkill-worker',
      expect: expect(['succeeded']),
    },
    requests: [request('clone', ONE, 2)],
    runs: 2,
    play: async (round) => {
      await hold(round, 'linkedClone');
      const first = clone(round, ONE);
      const posted = await held(round, 'linkedClone');
      await accepted(round, ONE);
      await round.killWorker();
      round.fired('sigkill-worker', 'linkedClone 1 after');
      await release(round, posted);
      const second = clone(round, ONE);
      round.journal({ event: 'attached', requestId: ONE });
      await round.env.startWorker();
      await Promise.all([first, second]);
    },
  },
  'revert-killed-at-its-post': {
    plan: {
      kind: 'window',
      operation: 'revert',
      window: 'K12',
      fault: 'sigkill-worker',
      expect: expect(['succeeded']),
    },
    requests: [request('revert')],
    runs: 2,
    play: async (round) => {
      await hold(round, 'revert');
      const first = revert(round, ONE);
      const posted = await held(round, 'revert');
      await accepted(round, ONE);
      await round.killWorker();
      round.fired('sigkill-worker', 'revert 1 after');
      await release(round, posted);
      await round.env.startWorker();
      await first;
    },
  },
  'clone-cancelled': {
    plan: {
      kind: 'matrix',
      operation: 'clone',
      window: 'K15',
      fault: 'cancel',
      expect: expect(['cancelled']),
    },
    requests: [request('clone')],
    runs: 2,
    play: async (round) => {
      await slow(round);
      const first = clone(round, ONE);
      await accepted(round, ONE);
      await reached(round, ONE, 'wait');
      await cancel(round, ONE);
      round.fired('cancel', 'wait');
      await first;
    },
  },
  'revert-cancelled': {
    plan: {
      kind: 'matrix',
      operation: 'revert',
      window: 'K15',
      fault: 'cancel',
      expect: expect(['cancelled']),
    },
    requests: [request('revert')],
    runs: 2,
    play: async (round) => {
      await slow(round);
      const first = revert(round, ONE);
      await accepted(round, ONE);
      await reached(round, ONE, 'wait');
      await cancel(round, ONE);
      round.fired('cancel', 'wait');
      await first;
    },
  },
  'reverts-in-turn': {
    plan: {
      kind: 'matrix',
      operation: 'revert',
      window: null,
      fault: 'second-request',
      expect: expect(['succeeded']),
    },
    requests: [request('revert'), request('revert', 'two')],
    runs: 4,
    play: async (round) => {
      await slow(round);
      const first = revert(round, ONE);
      await accepted(round, ONE);
      await reached(round, ONE, 'wait');
      const second = revert(round, 'two');
      await accepted(round, 'two');
      round.fired('second-request', 'wait');
      await Promise.all([first, second]);
    },
  },
  'revert-undecided': {
    plan: {
      kind: 'matrix',
      operation: 'revert',
      window: 'K12',
      fault: 'task-record-lost',
      expect: expect(['needs-decision'], true),
    },
    requests: [request('revert')],
    runs: 2,
    play: async (round) => {
      await hold(round, 'revert');
      const first = revert(round, ONE);
      const posted = await held(round, 'revert');
      await accepted(round, ONE);
      const { tasks } = await round.env.control.state();
      for (const { task } of tasks) {
        await round.env.control.task(task, { hide: true });
        await round.env.control.task(task, { forget: true });
      }
      round.fired('task-record-lost', 'revert 1 after');
      await round.env.control.release(posted, 'reset');
      await first;
    },
  },
  'clone-terminated': {
    plan: {
      kind: 'matrix',
      operation: 'clone',
      window: 'K15',
      fault: 'terminate',
      expect: expect(['terminated']),
    },
    requests: [request('clone')],
    runs: 2,
    play: async (round) => {
      await slow(round);
      const first = clone(round, ONE);
      await accepted(round, ONE);
      await reached(round, ONE, 'wait');
      await round.terminate(ONE);
      round.fired('terminate', 'wait');
      await first;
      await until('its task has ended', async () => (await round.env.control.ledger()).length === 1);
    },
  },
  'clone-name-taken': {
    plan: {
      kind: 'matrix',
      operation: 'clone',
      window: null,
      fault: 'name-taken',
      expect: { ...expect(['failed']), failureTypes: ['NameTaken'] },
    },
    requests: [request('clone')],
    runs: 2,
    play: async (round) => {
      await round.env.control.addVm({ name: 'ci-1', cluster: 'cluster-01' });
      round.fired('name-taken', 'before');
      const first = clone(round, ONE);
      await accepted(round, ONE);
      await first;
    },
  },
  'clone-posted-twice-by-a-proxy': {
    plan: {
      kind: 'matrix',
      operation: 'clone',
      window: null,
      fault: 'proxy-repeats-post',
      expect: { ...expect(['succeeded', 'failed']), twoEffectsPossible: 'a proxy repeats the POST' },
    },
    requests: [request('clone')],
    runs: 2,
    play: async (round) => {
      await round.env.control.fault({ operation: 'linkedClone', action: 'repeat', count: 1 });
      const first = clone(round, ONE);
      await accepted(round, ONE);
      await first;
      round.fired('proxy-repeats-post', 'linkedClone 1');
    },
  },
};
