import { eventually } from '../environment/eventually';
import { resetRun } from '../workflow/reset-run';
import { endOf } from '../workflow/faults/fault-environment';
import type { Recorder } from './recorder';
import { resetPoint, type Scenario } from './scenario';

const LOST = { operation: 'revert', position: 'after', action: 'reset', count: 1 } as const;

const MACHINES = ['web-02', 'web-03', 'web-04', 'web-05', 'web-06', 'app-01', 'app-02', 'app-03', 'app-04'];
let used = 0;
/** Another machine for each, as long as there are some: what was done to one before is no concern of the next. */
function nextMachine() {
  const vm = MACHINES[used++ % MACHINES.length] ?? '';
  return { vm, vmId: `vm-${1002 + MACHINES.indexOf(vm)}` };
}

async function waiting({ env }: Recorder, name: string, extra: Record<string, unknown> = {}) {
  const { vm, vmId } = nextMachine();
  await env.control.settings({ revertMs: 3_000 });
  const handle = await env.revert(vm, extra, name);
  const taskId = await env.taskOf(handle);
  await env.control.settings({ revertMs: 300 });
  return { handle, taskId, vm, vmId };
}

const again = ({ env }: Recorder, vm: string, name: string) =>
  env.snapflow.revert(
    { connection: env.connection, vm, snapshot: 'nightly-0411' },
    { requestId: name, again: true },
  );

async function asking({ env }: Recorder, name: string) {
  const { vm, vmId } = nextMachine();
  const before = (await env.control.ledger()).length;
  await env.fault(LOST);
  const handle = await env.revert(vm, {}, name);
  const done = await eventually('the revert is done', async () =>
    (await env.control.ledger())
      .slice(before)
      .find((effect) => effect.kind === 'revert' && effect.vm === vmId),
  );
  const taskId = done.task ?? '';
  await env.control.task(taskId, { hide: true });
  await env.condition(handle, 'needs-decision');
  return { handle, taskId };
}

const plain =
  (extra: Record<string, unknown> = {}): Scenario =>
  async (recorder, name) => {
    const handle = await recorder.env.revert(nextMachine().vm, extra, name);
    await endOf(handle);
    await recorder.keep(name, handle);
  };

const struck =
  (rule: Parameters<Recorder['env']['fault']>[0]): Scenario =>
  async (recorder, name) => {
    await recorder.env.fault(rule);
    await plain()(recorder, name);
  };

const cancelledAt =
  (
    operation: string,
    { skip = 0, ...extra }: Record<string, unknown> & { readonly skip?: number } = {},
  ): Scenario =>
  async (recorder, name) => {
    const { env } = recorder;
    const { vm, vmId } = nextMachine();
    await env.control.vm(vmId, { power: 'POWERED_ON' });
    await env.fault({ operation, action: 'hold', count: 1, skip });
    const handle = await env.revert(vm, extra, name);
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

/** What happens to reverts; each is called once, with its own name as the request id. */
export const REVERTS: Readonly<Record<string, Scenario>> = {
  'revert-done': async (recorder, name) => {
    const handle = await recorder.env.revert(nextMachine().vm, {}, name);
    await endOf(handle);
    await recorder.keep(name, handle);
    await recorder.keepLock('revert-lock', handle);
  },
  'revert-powered-on': plain({ restorePower: true }),
  'revert-reply-lost-adopted': struck(LOST),
  'revert-reply-lost-posted-again': struck({ ...LOST, position: 'before' }),
  'revert-no-room-then-posted': struck({
    operation: 'revert',
    action: { status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' },
    count: 1,
  }),
  'revert-asks': async (recorder, name) => {
    const { handle } = await asking(recorder, name);
    await recorder.keep(name, handle);
    await handle.resolve({ kind: 'done' });
    await endOf(handle);
    await recorder.keep('revert-asks-answered-done', handle);
  },
  'revert-asks-answered-task': async (recorder, name) => {
    const { handle, taskId } = await asking(recorder, name);
    await handle.resolve({ kind: 'task', taskId });
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'revert-asks-answered-repeat': async (recorder, name) => {
    const { handle, taskId } = await waiting(recorder, name);
    await recorder.env.control.task(taskId, { forget: true });
    await recorder.env.condition(handle, 'needs-decision');
    await handle.resolve({ kind: 'repeat' });
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'revert-asks-answered-abandon': async (recorder, name) => {
    const { handle } = await asking(recorder, name);
    await handle.resolve({ kind: 'abandon' });
    await endOf(handle);
    await recorder.keep(name, handle);
  },
  'revert-cancelled-before-start': cancelledAt('snapshots.list'),
  'revert-cancelled-in-its-first-look': cancelledAt('power.get'),
  'revert-cancelled-at-its-post': cancelledAt('revert'),
  'revert-cancelled-undone': cancelledInTheWait(),
  'revert-cancelled-kept': cancelledInTheWait({ onCancel: 'keep' }),
  'revert-cancelled-in-verify': cancelledAt('power.get', { skip: 2 }),
  'revert-cancelled-too-late': cancelledAt('power.start', { restorePower: true }),
  'revert-deadline-passed': plain({ deadlineMs: 1 }),
  'revert-refused-privilege': struck({
    operation: 'snapshots.list',
    action: { status: 403, errorType: 'UNAUTHORIZED' },
    count: 1,
  }),
  'revert-task-failed': async (recorder, name) => {
    const { handle, taskId, vm } = await waiting(recorder, name);
    await recorder.env.control.task(taskId, { status: 'FAILED' });
    await endOf(handle);
    await recorder.keep(name, handle);
    const repeated = await again(recorder, vm, name);
    await endOf(repeated);
    await recorder.keep('revert-again-after-failure', repeated);
  },
  'revert-waits': async (recorder, name) => {
    const { handle, vm } = await waiting(recorder, name);
    await recorder.keep(name, handle);
    await recorder.env.temporal.workflow.getHandle(handle.workflowId).terminate('recorded');
    await recorder.keep('revert-terminated', handle);
    const repeated = await again(recorder, vm, name);
    await endOf(repeated);
    await recorder.keep('revert-again-after-termination', repeated);
  },
  'revert-reset': async (recorder, name) => {
    const { env } = recorder;
    const handle = await env.revert(nextMachine().vm, {}, name);
    await endOf(handle);
    const runId = await resetRun(env, handle, await resetPoint(env, handle, 2));
    await env.temporal.workflow.getHandle(handle.workflowId, runId).result();
    await recorder.keep(name, { workflowId: handle.workflowId, runId });
  },
  'revert-queued': async (recorder, name) => {
    const { handle, vm } = await waiting(recorder, name);
    const second = await recorder.env.revert(vm, {}, `${name}-second`);
    await recorder.env.condition(second, 'queued');
    await endOf(handle);
    await endOf(second);
    await recorder.keep(name, second);
  },
};
