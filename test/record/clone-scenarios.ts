import { eventually } from '../environment/eventually';
import { resetRun } from '../workflow/reset-run';
import { endOf } from '../workflow/faults/fault-environment';
import type { Recorder } from './recorder';
import { resetPoint, type Scenario } from './scenario';

const UNAUTHORIZED = { status: 403, errorType: 'UNAUTHORIZED' };
const LOST = { operation: 'linkedClone', position: 'after', action: 'reset', count: 1 } as const;

const request = ({ env }: Recorder, name: string) => ({
  connection: env.connection,
  vm: 'web-01',
  snapshot: 'latest',
  name,
});

const again = (recorder: Recorder, name: string) =>
  recorder.env.snapflow.clone(request(recorder, name), { requestId: name, again: true });

/** A clone whose task runs long enough to be interfered with. */
async function waiting({ env }: Recorder, name: string, extra: Record<string, unknown> = {}) {
  await env.control.settings({ cloneMs: 3_000 });
  const handle = await env.clone(name, extra);
  const taskId = await env.taskOf(handle);
  await env.control.settings({ cloneMs: 300 });
  return { handle, taskId };
}

async function failed(recorder: Recorder, name: string) {
  const { handle, taskId } = await waiting(recorder, name);
  await recorder.env.control.task(taskId, { status: 'FAILED' });
  await endOf(handle);
  return handle;
}

/** Its reply is lost and no list shows its task: only its machine is to be seen, so it asks. */
async function asking({ env }: Recorder, name: string) {
  await env.fault(LOST);
  const handle = await env.clone(name);
  const made = await eventually('the clone is made', async () =>
    (await env.control.ledger()).find((effect) => effect.name === name),
  );
  const taskId = made.task ?? '';
  await env.control.task(taskId, { hide: true });
  await env.condition(handle, 'needs-decision');
  return { handle, taskId, vmId: made.resultVm ?? '' };
}

const plain =
  (extra: Record<string, unknown> = {}): Scenario =>
  async (recorder, name) => {
    const handle = await recorder.env.clone(name, extra);
    await endOf(handle);
    await recorder.keep(name, handle);
  };

/** Struck by one fault on its way. */
const struck =
  (rule: Parameters<Recorder['env']['fault']>[0]): Scenario =>
  async (recorder, name) => {
    await recorder.env.fault(rule);
    await plain()(recorder, name);
  };

/** Cancelled while this call is held, let go on afterwards. */
const cancelledAt =
  (operation: string, extra: Record<string, unknown> = {}): Scenario =>
  async (recorder, name) => {
    const { env } = recorder;
    await env.fault({ operation, action: 'hold', count: 1 });
    const handle = await env.clone(name, extra);
    const hold = await env.held(operation);
    await handle.cancel();
    await env.control.release(hold);
    await endOf(handle);
    await recorder.keep(name, handle);
  };

const cancelledInTheWait =
  (extra: Record<string, unknown> = {}): Scenario =>
  async (recorder, name) => {
    const { handle } = await waiting(recorder, name, extra);
    await handle.cancel();
    await endOf(handle);
    await recorder.keep(name, handle);
  };

/** What happens to clones; each is called once, with its own name as the clone's. */
export const CLONES: Readonly<Record<string, Scenario>> = {
  'clone-done': async (recorder, name) => {
    const handle = await recorder.env.clone(name);
    await endOf(handle);
    await recorder.keep(name, handle);
    await recorder.keepLock('clone-lock', handle);
  },
  'clone-powered-on': plain({ powerOn: true }),
  'clone-reply-lost-adopted': struck(LOST),
  'clone-reply-lost-posted-again': struck({ ...LOST, position: 'before' }),
  'clone-no-room-then-posted': struck({
    operation: 'linkedClone',
    action: { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' },
    count: 1,
  }),
  'clone-asks': async (recorder, name) => {
    const { handle, vmId } = await asking(recorder, name);
    await recorder.keep(name, handle);
    await handle.resolve({ kind: 'vm', vmId });
    await endOf(handle);
    await recorder.keep('clone-asks-answered-machine', handle);
  },
  'clone-asks-answered-task': async (recorder, name) => {
    const { handle, taskId } = await asking(recorder, name);
    await handle.resolve({ kind: 'task', taskId });
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'clone-asks-answered-repeat': async (recorder, name) => {
    const { handle, vmId } = await asking(recorder, name);
    await recorder.env.control.call('DELETE', `/vms/${vmId}`);
    await handle.resolve({ kind: 'repeat' });
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'clone-asks-answered-abandon': async (recorder, name) => {
    const { handle } = await asking(recorder, name);
    await handle.resolve({ kind: 'abandon' });
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'clone-cancelled-before-start': cancelledAt('snapshots.list'),
  'clone-cancelled-at-its-post': cancelledAt('linkedClone'),
  'clone-cancelled-undone': cancelledInTheWait(),
  'clone-cancelled-kept': cancelledInTheWait({ onCancel: 'keep' }),
  'clone-cancelled-too-late': cancelledAt('power.start', { powerOn: true }),
  'clone-deadline-passed': plain({ deadlineMs: 1 }),
  'clone-undo-kept-a-machine': async (recorder, name) => {
    const { env } = recorder;
    await env.fault({ operation: 'vm.get', action: 'hold', count: 1 });
    const handle = await env.clone(name);
    const hold = await env.held('vm.get');
    await handle.cancel();
    const made = (await env.control.ledger()).find((effect) => effect.name === name);
    await env.control.vm(made?.resultVm ?? '', { power: 'POWERED_ON' });
    await env.control.release(hold);
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'clone-refused-privilege': struck({ operation: 'snapshots.list', action: UNAUTHORIZED, count: 1 }),
  'clone-refused-snapshot': plain({ snapshot: 'no-such-snapshot' }),
  'clone-task-failed': async (recorder, name) => {
    await recorder.keep(name, await failed(recorder, name));
    const repeated = await again(recorder, name);
    await endOf(repeated);
    await recorder.keep('clone-again-after-failure', repeated);
  },
  'clone-again-after-undo': async (recorder, name) => {
    const { handle } = await waiting(recorder, name);
    await handle.cancel();
    await endOf(handle);
    const repeated = await again(recorder, name);
    await recorder.env.condition(repeated, 'needs-decision');
    await repeated.resolve({ kind: 'repeat' });
    await endOf(repeated);
    await recorder.keep(name, repeated);
  },
  'clone-waits': async (recorder, name) => {
    const { handle } = await waiting(recorder, name);
    await recorder.keep(name, handle);
    await recorder.env.temporal.workflow.getHandle(handle.workflowId).terminate('recorded');
    await recorder.keep('clone-terminated', handle);
    const repeated = await again(recorder, name);
    await endOf(repeated);
    await recorder.keep('clone-again-after-termination', repeated);
  },
  'clone-reset': async (recorder, name) => {
    const { env } = recorder;
    const handle = await env.clone(name);
    await endOf(handle);
    const runId = await resetRun(env, handle, await resetPoint(env, handle, 2));
    await env.temporal.workflow.getHandle(handle.workflowId, runId).result();
    await recorder.keep(name, { workflowId: handle.workflowId, runId });
  },
  'clone-queued': async (recorder, name) => {
    const { handle } = await waiting(recorder, name);
    const second = await recorder.env.snapflow.clone(request(recorder, name), {
      requestId: `${name}-second`,
    });
    await recorder.env.condition(second, 'queued');
    await endOf(handle);
    await endOf(second);
    await recorder.keep(name, second);
  },
  'clone-busy': async (recorder, name) => {
    const { handle } = await waiting(recorder, name);
    const second = await recorder.env.snapflow.clone(
      { ...request(recorder, name), whenBusy: 'fail' },
      { requestId: `${name}-second` },
    );
    await endOf(second);
    await recorder.keep(name, second);
    await endOf(handle);
  },
  'clone-session-expired': async (recorder, name) => {
    const { handle } = await waiting(recorder, name);
    await recorder.env.control.expireSessions();
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'clone-undo-blocked': async (recorder, name) => {
    const { env } = recorder;
    const { handle } = await waiting(recorder, name);
    await env.fault({
      operation: 'vm.delete',
      action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
    });
    await handle.cancel();
    await env.condition(handle, 'blocked');
    await recorder.keep(name, handle);
    await env.clearFaults();
    await endOf(handle);
    await recorder.keep('clone-undo-blocked-then-done', handle);
  },
};
