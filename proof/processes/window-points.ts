import type { PlannedOperation } from '../judge/evidence/plan';
import { atRpc, holdRest, passing, type Armed } from './firing-point';
import { rpcOf, type Rpc } from './rpc';
import { ourTasks, type RoundEnvironment } from './round-environment';
import { until } from '../../test/environment/eventually';
import { grpcCommandTypes } from './workflow-task-commands';

/** Names of the steps on the wire, by operation. */
const NAMES = {
  clone: {
    prepared: 'prepareLinkedClone',
    start: 'startLinkedClone',
    verify: 'verifyLinkedClone',
    verifyRead: 'vm.get',
    post: 'linkedClone',
    lookBeforePost: 'vm.list',
    undoCall: 'vm.delete',
    undo: 'deleteClone',
  },
  revert: {
    prepared: 'lookForEffect',
    start: 'startRevert',
    verify: 'verifyRevert',
    verifyRead: 'power.get',
    post: 'revert',
    lookBeforePost: 'tasks.list',
    undoCall: 'revert',
    undo: 'startRevert',
  },
} as const satisfies Record<PlannedOperation, Record<string, string>>;

export const names = ({ plan }: RoundEnvironment) => NAMES[plan.operation];

export const completed = (activity: string) => rpcOf('RespondActivityTaskCompleted', activity);

/** A refused start would be cancelled with nothing to undo. */
const started = (round: RoundEnvironment) =>
  rpcOf('RespondActivityTaskCompleted', names(round).start, '"started"');

/** Complete, fail and cancel of a workflow. */
const CLOSING = [4, 5, 7];

export const closes = (round: RoundEnvironment) => (rpc: Rpc) =>
  rpcOf('RespondWorkflowTaskCompleted', round.workflowId('r1'))(rpc) &&
  grpcCommandTypes(rpc.request).some((type) => CLOSING.includes(type));

/** The cancel arrives when the post was answered: its task runs, and is undone after its end. */
function cancelOnceStarted(round: RoundEnvironment): void {
  atRpc(round.workerLink, 'before', started(round), async () => {
    round.evidence.journal('cancel-asked', { requestId: 'r1' });
    const operation = await round.snapflow.operation('r1', { connection: round.connection });
    await operation.cancel();
    round.evidence.journal('cancel-accepted', { requestId: 'r1' });
  });
}

/** Plants within `then` once the first start was answered, so that what it plants meets the undo alone. */
export function whileUndone(round: RoundEnvironment, then: () => Promise<Armed>): Armed {
  cancelOnceStarted(round);
  return afterRpc(round, completed('awaitTask'), then);
}

/** Plants the moment an RPC is about to be forwarded: what comes before it is over, what follows has not begun. */
export function afterRpc(
  round: RoundEnvironment,
  matches: (rpc: Rpc) => boolean,
  plant: () => Promise<Armed>,
): Armed {
  return {
    reached: new Promise((resolve) => {
      atRpc(round.workerLink, 'before', matches, async () => {
        void (await plant()).reached.then(resolve);
      });
    }),
  };
}

/** The wait may not read what the task made, so that verify is a step of its own. */
export const verifiesByItself = (round: RoundEnvironment, then: () => Armed): Armed =>
  afterRpc(round, started(round), async () => {
    await round.control.fault({
      operation: names(round).verifyRead,
      action: { status: 403, errorType: 'UNAUTHORIZED' },
      count: 1,
    });
    return then();
  });

export const waits = (round: RoundEnvironment): Armed => ({
  reached: new Promise((resolve) => {
    atRpc(round.workerLink, 'after', rpcOf('PollActivityTaskQueue', 'awaitTask'), () => {
      resolve(passing('the operation waits'));
      return Promise.resolve();
    });
  }),
});

/** Two more polls of the task than when it was first seen running. */
export async function betweenPolls({ control }: RoundEnvironment): Promise<Armed> {
  const polls = async () => {
    const { calls } = await control.calls();
    return (calls['tasks.list'] ?? 0) + (calls['tasks.get'] ?? 0);
  };
  let first: number | undefined;
  const isBetween = async () => {
    const [task] = await ourTasks({ control });
    if (task?.status !== 'RUNNING') return false;
    first ??= await polls();
    return (await polls()) >= first + 2;
  };
  return {
    reached: until(240_000, () => isBetween().catch(() => false)).then(() => passing('between two polls')),
  };
}

export async function whileDraining(round: RoundEnvironment): Promise<Armed> {
  const armed = await holdRest(round, names(round).post, 'after');
  const draining = armed.reached.then(async (reached) => {
    round.worker().signal('SIGTERM');
    await until(20_000, () => /DRAINING|STOPPING/.test(round.worker().stderr()));
    // The successor of a rolling update: it is there before the old one leaves.
    await round.startWorker();
    return { ...reached, where: `${reached.where}, draining` };
  });
  return { reached: draining };
}
