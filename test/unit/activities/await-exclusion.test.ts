import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { awaitExclusion } from '../../../src/activities/exclusion';
import { LOCK_WORKFLOW, MEMO } from '../../../src/contract/operations';
import { notFound } from '../../../proof/simulation/temporal/not-found';

const LOCK = 'snapflow-lock:default:clone:ci-1';
const HOLDER = 'snapflow:default:holder';

interface Run {
  readonly runId: string;
  readonly status: string;
  readonly resetRunId?: string;
}

/** The context's client hands its calls the attempt's signal. */
function clientOf(workflow: object): Client {
  const client = { workflow, withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call() };
  return client as unknown as Client;
}

/** Who queues for a lock meets these runs of its holder, newest last; answers whether he took the lock from it. */
async function queueing(lockStatus: string, holder: readonly Run[], own = 'snapflow:default:own') {
  let isTerminated = false;
  const lock = () => ({
    runId: 'lock-run',
    type: LOCK_WORKFLOW,
    status: { name: isTerminated ? 'TERMINATED' : lockStatus },
    memo: { [MEMO.holder]: 'first' },
    parentExecution: { workflowId: HOLDER, runId: 'first' },
    raw: {},
  });
  const runOf = (workflowId: string, runId: string | undefined) => {
    const run = runId === undefined ? holder.at(-1) : holder.find((each) => each.runId === runId);
    if (run === undefined) throw notFound('describe', workflowId, runId);
    const { status, resetRunId = '' } = run;
    return { runId: run.runId, status: { name: status }, raw: { workflowExtendedInfo: { resetRunId } } };
  };
  const workflow = {
    getHandle: (workflowId: string, runId?: string) => ({
      describe: async () => (workflowId === LOCK ? lock() : runOf(workflowId, runId)),
      terminate: async () => void (isTerminated = true),
    }),
  };
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId: own, runId: 'ours' } },
    { client: clientOf(workflow) },
  );
  const turn = await environment
    .run(awaitExclusion, { lockId: LOCK, originalRunId: 'ours', whenBusy: 'fail' as const })
    .catch((error: unknown) => error);
  return { turn, isTerminated };
}

const BUSY = expect.objectContaining({ type: 'Busy' });

test.each<[string, readonly Run[]]>([
  ['runs', [{ runId: 'first', status: 'RUNNING' }]],
  ['is paused', [{ runId: 'first', status: 'PAUSED' }]],
  [
    'was reset and goes on',
    [
      { runId: 'first', status: 'TERMINATED', resetRunId: 'second' },
      { runId: 'second', status: 'RUNNING' },
    ],
  ],
  ['was reset and goes on, its first run being forgotten', [{ runId: 'second', status: 'RUNNING' }]],
])('a lock whose holder %s is left alone', async (_title, holder) => {
  expect(await queueing('RUNNING', holder)).toEqual({ turn: BUSY, isTerminated: false });
});

test('a lock that is paused is held all the same', async () => {
  expect(await queueing('PAUSED', [{ runId: 'first', status: 'RUNNING' }])).toEqual({
    turn: BUSY,
    isTerminated: false,
  });
});

test.each<[string, readonly Run[]]>([
  ['has closed', [{ runId: 'first', status: 'COMPLETED' }]],
  [
    'was reset and has closed then',
    [
      { runId: 'first', status: 'TERMINATED', resetRunId: 'second' },
      { runId: 'second', status: 'FAILED' },
    ],
  ],
  ['is forgotten', []],
])('a lock whose holder %s is taken from it', async (_title, holder) => {
  expect(await queueing('RUNNING', holder)).toEqual({ turn: { kind: 'free' }, isTerminated: true });
});

test('a lock that an earlier run of the same request has left behind is taken from it, and is not ours', async () => {
  expect(await queueing('RUNNING', [{ runId: 'first', status: 'FAILED' }], HOLDER)).toEqual({
    turn: { kind: 'free' },
    isTerminated: true,
  });
});
