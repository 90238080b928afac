import { OperationFailed, type OperationHandle } from '../../../src/client';
import { MEMO } from '../../../src/contract/operations';
import { RESOLVE_UPDATE, type Question, type Resolution } from '../../../src/contract/resolve';
import type { Effect, FaultRule } from '../../environment/control';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment, ThreadOptions } from '../../environment/threads';

type Extra = Readonly<Record<string, unknown>>;

/** How an operation ended: its result, or the failure that its caller sees. */
export interface End {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly message?: string;
  readonly details?: object | undefined;
}

/** What every fault test does with its environment. */
function stepsIn(env: ThreadEnvironment) {
  /** The clone's name is its request id. */
  const clone = (name: string, extra: Extra = {}) => {
    const request = {
      connection: env.connection,
      vm: 'web-01',
      snapshot: 'latest',
      name,
      ...extra,
    };
    return env.snapflow.clone(request, { requestId: name });
  };

  /** Reverts the machine to a snapshot that it certainly has. */
  const revert = (vm: string, extra: Extra = {}, requestId = `revert-${vm}`) => {
    const request = { connection: env.connection, vm, snapshot: 'nightly-0411', ...extra };
    return env.snapflow.revert(request, { requestId });
  };

  const fault = (rule: FaultRule) => env.control.fault(rule);
  const clearFaults = () => env.control.call('DELETE', '/faults');

  /** Waits until as many calls of an operation are held, and returns the newest hold. */
  const held = (operation: string): Promise<string> =>
    eventually(`${operation} is held`, async () => {
      const all = await env.control.holds();
      return all.findLast((hold) => hold.operation === operation)?.hold;
    });

  /** The id of the task that the operation waits for. */
  const taskOf = (handle: OperationHandle): Promise<string> =>
    eventually(`${handle.id} waits for its task`, async () => {
      const { phase, taskId } = await handle.describe();
      return phase === 'wait' ? taskId : undefined;
    });

  /** Answers the question that the operation asks now. */
  const resolve = async (handle: OperationHandle, resolution: Resolution): Promise<void> => {
    const run = env.temporal.workflow.getHandle(handle.workflowId);
    const { memo } = await run.describe();
    const { runId, question } = (memo ?? {})[MEMO.question] as Question;
    await run.executeUpdate(RESOLVE_UPDATE, { args: [{ runId, question, resolution }] });
  };

  const condition = (handle: OperationHandle, wanted: string, withinMs = 40_000) =>
    eventually(
      `${handle.id} is ${wanted}`,
      async () => {
        const { condition, state } = await handle.describe();
        return condition === wanted || state === wanted;
      },
      withinMs,
    );

  /** Waits until the run has an activity of this type in its history, begun or done. */
  const scheduled = (handle: OperationHandle, activityType: string) =>
    eventually(`${handle.id} schedules ${activityType}`, async () => {
      const all = await events(handle.workflowId);
      return all.some(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activityType,
      );
    });

  /** Waits until a fault has fired: what it was planted for has begun, settings changed now come too late for it. */
  const fired = () =>
    eventually('a fault fires', async () =>
      (await env.control.faults()).some(({ fired }) => Number(fired) > 0),
    );

  /** Waits until the deadline has passed, by the server's time of the timer that is the first one of a run. */
  const deadline = (handle: OperationHandle) =>
    eventually(`the deadline of ${handle.id} passes`, async () => {
      const timer = (await events(handle.workflowId)).find((event) => event.timerStartedEventAttributes);
      const { startToFireTimeout } = timer?.timerStartedEventAttributes ?? {};
      const begun = Number(timer?.eventTime?.seconds) * 1_000 + Number(timer?.eventTime?.nanos) / 1e6;
      // The server may fire a second later; the run goes by its clock.
      return Date.now() > begun + Number(startToFireTimeout?.seconds) * 1_000 + 50;
    });

  const events = async (workflowId: string, runId?: string) => {
    const { events } = await env.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    return events ?? [];
  };

  const effects = async (of: (effect: Effect) => boolean): Promise<readonly string[]> =>
    (await env.control.ledger()).filter(of).map(({ kind }) => kind);

  /** What really happened to a clone: made, powered, deleted. */
  const cloneEffects = async (name: string): Promise<readonly string[]> => {
    const made = (await env.control.ledger()).filter((effect) => effect.name === name);
    const vmIds = made.map(({ resultVm }) => resultVm);
    return effects((effect) => effect.name === name || vmIds.includes(effect.vm));
  };

  /** What really happened to a machine, without the service's own snapshots. */
  const revertEffects = (vmId: string): Promise<readonly string[]> =>
    effects(({ vm, kind }) => vm === vmId && kind !== 'snapshot');
  return {
    clone,
    revert,
    fault,
    clearFaults,
    held,
    taskOf,
    resolve,
    condition,
    scheduled,
    fired,
    deadline,
    events,
    effects,
    cloneEffects,
    revertEffects,
  };
}

export type FaultEnvironment = ThreadEnvironment & ReturnType<typeof stepsIn>;

export async function openFaultEnvironment(options: ThreadOptions = {}): Promise<FaultEnvironment> {
  const env = await openEnvironment({ as: 'threads', ...options });
  return { ...env, ...stepsIn(env) };
}

export async function endOf(handle: OperationHandle): Promise<End> {
  try {
    return { result: { ...(await handle.result()) } };
  } catch (error) {
    if (error instanceof OperationFailed) return error.failure;
    throw error;
  }
}
