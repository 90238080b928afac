import { randomUUID } from 'node:crypto';
import { HAPPENED, type Fault } from './fault';
import { lostAnswer } from './lost-answer';
import { cancelRun, handleOf } from './operator';
import { PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE, type Rpc } from './rpc';
import type { RoundEnvironment } from './round-environment';
import { isOver, isPassing, isTaskEnded, isUndo, unless } from './window-sets';
import { killInWindow } from './strike-process';
import { until } from '../../test/environment/eventually';

const STORM_RPCS = 15;
const NEXT_ACTIVITY_WITHIN_MS = 5_000;
/** What gRPC says of an activity that is over. */
const NOT_FOUND = 5;
/** The SDK gives up a worker after a minute of refusals. */
const WORKER_ENDS_WITHIN_MS = 200_000;

const isAnswer = ({ method }: Rpc): boolean => method.startsWith('Respond');

const rpcStorm = (
  title: string,
  link: 'workerLink' | 'callerLink',
  answer: typeof UNAVAILABLE | typeof RESOURCE_EXHAUSTED,
): Fault => ({
  group: 'F',
  title,
  impossible: ({ window }) =>
    unless(
      link === 'callerLink' || (window !== 'K4' && window !== 'K19'),
      'the worker has nothing more to say',
    ),
  strike: async (round, reached) => {
    const { acted } = round[link].add({
      moment: 'before',
      matches: () => true,
      count: STORM_RPCS,
      act: () => answer,
    });
    await reached.release('go-on');
    return () => acted() > 0;
  },
});

/** An operator can only act on a run that exists. */
const needsRun: NonNullable<Fault['impossible']> = ({ window }) =>
  window === 'K1' ? 'nothing was started yet' : window === 'K4' ? 'the run has ended' : undefined;

type PendingActivity = { readonly activityId?: string | null };

async function pendingActivities(round: RoundEnvironment): Promise<readonly string[]> {
  const { raw } = await handleOf(round).describe();
  return (raw.pendingActivities ?? []).flatMap(({ activityId }: PendingActivity) => activityId ?? []);
}

/** Whether there was any. Where the last one has just ended, also between the look and the pause, the next is a moment away. */
async function pauseAndUnpause(round: RoundEnvironment): Promise<boolean> {
  const service = round.temporal.workflowService;
  const execution = { workflowId: round.workflowId('r1') };
  const isPaused = async (id: string): Promise<boolean> => {
    try {
      await service.pauseActivity({ namespace: 'default', execution, id, identity: 'operator' });
      await service.unpauseActivity({ namespace: 'default', execution, id, identity: 'operator' });
      return true;
    } catch (error) {
      if ((error as { code?: number }).code === NOT_FOUND) return false;
      throw error;
    }
  };
  const someArePaused = async () =>
    (await Promise.all((await pendingActivities(round)).map(isPaused))).some((paused) => paused);
  return (await until(NEXT_ACTIVITY_WITHIN_MS, someArePaused)) === true;
}

/** Back to the first workflow task that was completed. */
async function reset(round: RoundEnvironment): Promise<void> {
  const handle = handleOf(round);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const completed = (events ?? []).find(({ workflowTaskCompletedEventAttributes: done }) => done != null);
  const request = {
    namespace: 'default',
    workflowExecution: { workflowId: round.workflowId('r1'), runId },
    reason: 'proof',
    workflowTaskFinishEventId: completed?.eventId ?? null,
    requestId: randomUUID(),
  };
  await round.temporal.workflowService.resetWorkflowExecution(request);
  round.evidence.journal('reset', { requestId: 'r1', workflowId: round.workflowId('r1'), runId });
}

/** F: Temporal. */
export const TEMPORAL_FAULTS = {
  'activity-answer-lost-before': lostAnswer(
    'the next answer of an activity does not arrive',
    'before',
    'activity',
  ),
  'activity-answer-lost-after': lostAnswer(
    'the next answer of an activity is persisted, its reply lost',
    'after',
    'activity',
  ),
  'workflow-answer-lost-before': lostAnswer(
    'the next answer of a workflow task does not arrive',
    'before',
    'workflow',
  ),
  'workflow-answer-lost-after': lostAnswer(
    'the next answer of a workflow task is persisted, its reply lost',
    'after',
    'workflow',
  ),
  'answer-unavailable-after': {
    group: 'F',
    title: 'the next answer is persisted, and UNAVAILABLE is said',
    impossible: (cell) => unless(!isOver(cell), 'the run has ended'),
    strike: async (round, reached) => {
      const { acted } = round.workerLink.add({ moment: 'after', matches: isAnswer, act: () => UNAVAILABLE });
      await reached.release('go-on');
      return () => acted() > 0;
    },
  },
  'held-rpc-lost': {
    group: 'F',
    title: 'what is held never arrives, and nobody dies',
    impossible: (cell) => unless(!isPassing(cell), 'nothing is held there that could be lost'),
    strike: async (_scene, reached) => {
      await reached.release('lost');
      return HAPPENED;
    },
  },
  'worker-unavailable-storm': rpcStorm('a storm of UNAVAILABLE for the worker', 'workerLink', UNAVAILABLE),
  'worker-exhausted-storm': rpcStorm(
    'a storm of RESOURCE_EXHAUSTED for the worker',
    'workerLink',
    RESOURCE_EXHAUSTED,
  ),
  'caller-unavailable-storm': rpcStorm('a storm of UNAVAILABLE for the caller', 'callerLink', UNAVAILABLE),
  'caller-exhausted-storm': rpcStorm(
    'a storm of RESOURCE_EXHAUSTED for the caller',
    'callerLink',
    RESOURCE_EXHAUSTED,
  ),
  'permission-denied': {
    group: 'F',
    title: 'PERMISSION_DENIED until the worker gives up; another one may go on',
    lastsMs: WORKER_ENDS_WITHIN_MS,
    impossible: ({ window }) =>
      unless(
        ['K7', 'K12', 'K15'].includes(window ?? ''),
        'it takes over a minute: played where it is read from most',
      ),
    strike: async (round, reached) => {
      const worker = round.worker();
      const refusal = round.workerLink.add({
        moment: 'before',
        matches: () => true,
        count: Infinity,
        act: () => PERMISSION_DENIED,
      });
      await reached.release('go-on');
      await until(WORKER_ENDS_WITHIN_MS, () => worker.end() !== undefined);
      refusal.remove();
      if (worker.end() === undefined) throw new Error('the worker did not end for want of permission');
      round.evidence.journal('killed', { process: 'worker', pid: worker.pid });
      await round.startWorker();
      return HAPPENED;
    },
  },
  'duplicate-delivery': {
    group: 'F',
    title: 'the next activity task is delivered twice',
    impossible: (cell) =>
      unless(!isTaskEnded(cell) && !(isUndo(cell) && cell.operation === 'clone'), 'no activity follows'),
    strike: async (round, reached) => {
      let repeated = false;
      round.workerLink.add({
        moment: 'after',
        matches: (rpc) => rpc.method === 'PollActivityTaskQueue' && (rpc.response?.length ?? 0) > 0,
        act: ({ response, request }) => {
          // The next poll of the same queue is answered with the same task.
          round.workerLink.add({
            moment: 'before',
            matches: (rpc) => rpc.method === 'PollActivityTaskQueue' && rpc.request.equals(request),
            act: () => {
              repeated = true;
              return { response: response ?? Buffer.alloc(0) };
            },
          });
          return 'go-on';
        },
      });
      await reached.release('go-on');
      return () => repeated;
    },
  },
  'operator-cancels': {
    group: 'F',
    title: 'an operator cancels the run',
    impossible: (cell) => needsRun(cell) ?? unless(!isUndo(cell), 'it is cancelled already'),
    expect: (cell) => ({
      outcomes: isTaskEnded(cell) ? ['cancelled', 'succeeded'] : ['cancelled'],
    }),
    strike: async (round, reached) => {
      await cancelRun(round);
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'operator-terminates': {
    group: 'F',
    title: 'an operator terminates the run',
    impossible: needsRun,
    expect: () => ({ outcomes: ['terminated'], neverHeals: true }),
    strike: async (round, reached) => {
      await handleOf(round).terminate('proof');
      round.evidence.journal('terminated', { requestId: 'r1', workflowId: round.workflowId('r1') });
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'operator-resets': {
    group: 'F',
    title: 'an operator resets the run to its beginning',
    impossible: (cell) =>
      needsRun(cell) ??
      unless(!['K2', 'K5'].includes(cell.window ?? ''), 'no workflow task was completed yet'),
    expect: (cell) =>
      isUndo(cell)
        ? { outcomes: ['cancelled', 'needs-decision', 'succeeded'], undecidable: true }
        : { outcomes: ['succeeded', 'needs-decision'], undecidable: true },
    strike: async (round, reached) => {
      await reset(round);
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'operator-pauses': {
    group: 'F',
    title: 'an operator pauses and unpauses what is pending',
    impossible: (cell) =>
      needsRun(cell) ?? unless(!['K5', 'K19'].includes(cell.window ?? ''), 'no activity is pending'),
    strike: async (round, reached) => {
      const paused = await pauseAndUnpause(round);
      await reached.release('go-on');
      return () => paused;
    },
  },
  'search-attributes-missing': {
    group: 'F',
    title: 'the server lacks the search attributes, and whoever stands in the window dies',
    bareServer: true,
    strike: killInWindow,
  },
  'workflow-cache-of-0': {
    group: 'F',
    title: 'the worker caches no workflow',
    impossible: () => 'the product has no such setting; J10 replays every workflow task uncached',
    strike: () => Promise.reject(new Error('never struck')),
  },
} as const satisfies Record<string, Fault>;
