import { OperationFailed, type OperationHandle } from '../../../src/client';
import { MEMO } from '../../../src/contract/operations';
import { RESOLVE_UPDATE, type Question, type Resolution } from '../../../src/contract/resolve';
import type { Effect, FaultRule } from '../../rig/control';
import { eventually } from '../../rig/eventually';
import { startRig, type Rig, type RigOptions } from '../../rig/start-rig';

type Extra = Readonly<Record<string, unknown>>;

/** How an operation ended: its result, or the failure that its caller sees. */
export interface End {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly message?: string;
  readonly details?: object | undefined;
}

/** A rig, and the few things that every fault test does with it. */
export class Scene {
  private constructor(readonly rig: Rig) {}

  static async open(options: RigOptions = {}): Promise<Scene> {
    return new Scene(await startRig(options));
  }

  readonly close = (): Promise<void> => this.rig.stop();

  /** The clone's name is its request id. */
  clone(name: string, extra: Extra = {}) {
    const request = { connection: this.rig.connection, vm: 'web-01', snapshot: 'latest', name, ...extra };
    return this.rig.snapflow.clone(request, { requestId: name });
  }

  /** Reverts the machine to a snapshot that it certainly has. */
  revert(vm: string, extra: Extra = {}, requestId = `revert-${vm}`) {
    const request = { connection: this.rig.connection, vm, snapshot: 'nightly-0411', ...extra };
    return this.rig.snapflow.revert(request, { requestId });
  }

  fault = (rule: FaultRule) => this.rig.control.fault(rule);
  clearFaults = () => this.rig.control.call('DELETE', '/faults');

  /** Waits until as many calls of an operation are held, and returns the newest hold. */
  held = (operation: string): Promise<string> =>
    eventually(`${operation} is held`, async () => {
      const all = await this.rig.control.holds();
      return all.findLast((hold) => hold.operation === operation)?.hold;
    });

  /** The id of the task that the operation waits for. */
  taskOf = (handle: OperationHandle): Promise<string> =>
    eventually(`${handle.id} waits for its task`, async () => {
      const { phase, taskId } = await handle.describe();
      return phase === 'wait' ? taskId : undefined;
    });

  /** Answers the question that the operation asks now. */
  async resolve(handle: OperationHandle, resolution: Resolution): Promise<void> {
    const run = this.rig.temporal.workflow.getHandle(handle.workflowId);
    const { memo } = await run.describe();
    const { runId, question } = (memo ?? {})[MEMO.question] as Question;
    await run.executeUpdate(RESOLVE_UPDATE, { args: [{ runId, question, resolution }] });
  }

  condition = (handle: OperationHandle, wanted: string, withinMs = 40_000) =>
    eventually(
      `${handle.id} is ${wanted}`,
      async () => {
        const { condition, state } = await handle.describe();
        return condition === wanted || state === wanted;
      },
      withinMs,
    );

  /** Waits until the run has an activity of this type in its history, begun or done. */
  scheduled = (handle: OperationHandle, activityType: string) =>
    eventually(`${handle.id} schedules ${activityType}`, async () => {
      const events = await this.events(handle.workflowId);
      return events.some(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activityType,
      );
    });

  /** Waits until a fault has fired: what it was planted for has begun, settings changed now come too late for it. */
  fired = () =>
    eventually('a fault fires', async () =>
      (await this.rig.control.faults()).some(({ fired }) => Number(fired) > 0),
    );

  /** Waits until the deadline has passed, by the server's time of the timer that is the first one of a run. */
  deadline = (handle: OperationHandle) =>
    eventually(`the deadline of ${handle.id} passes`, async () => {
      const events = await this.events(handle.workflowId);
      const timer = events.find((event) => event.timerStartedEventAttributes);
      const { startToFireTimeout } = timer?.timerStartedEventAttributes ?? {};
      const begun = Number(timer?.eventTime?.seconds) * 1_000 + Number(timer?.eventTime?.nanos) / 1e6;
      // The server may fire a second later; the run goes by its clock.
      return Date.now() > begun + Number(startToFireTimeout?.seconds) * 1_000 + 50;
    });

  async events(workflowId: string, runId?: string) {
    const { events } = await this.rig.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    return events ?? [];
  }

  async effects(of: (effect: Effect) => boolean): Promise<readonly string[]> {
    return (await this.rig.control.ledger()).filter(of).map(({ kind }) => kind);
  }

  /** What really happened to a clone: made, powered, deleted. */
  async cloneEffects(name: string): Promise<readonly string[]> {
    const made = (await this.rig.control.ledger()).filter((effect) => effect.name === name);
    const vmIds = made.map(({ resultVm }) => resultVm);
    return this.effects((effect) => effect.name === name || vmIds.includes(effect.vm));
  }

  /** What really happened to a machine, without the service's own snapshots. */
  revertEffects = (vmId: string): Promise<readonly string[]> =>
    this.effects(({ vm, kind }) => vm === vmId && kind !== 'snapshot');
}

export async function endOf(handle: OperationHandle): Promise<End> {
  try {
    return { result: { ...(await handle.result()) } };
  } catch (error) {
    if (error instanceof OperationFailed) return error.failure;
    throw error;
  }
}
