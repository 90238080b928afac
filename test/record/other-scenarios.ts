import { WORKFLOWS } from '../../src/contract/operations';
import type { Recorder } from './recorder';
import type { Scenario } from './scenario';

/** A question to the worker, answered or refused. */
const asked =
  (ask: (recorder: Recorder) => Promise<unknown>, type: string): Scenario =>
  async (recorder, name) => {
    await ask(recorder).catch(() => undefined);
    await recorder.keepNewest(name, type);
  };

const inspected = (ask: (recorder: Recorder) => Promise<unknown>) => asked(ask, WORKFLOWS.inspect);

/** A finished clone, changed, and what became of its deletion. */
const deleted =
  (change?: Record<string, unknown>): Scenario =>
  async (recorder, name) => {
    const { control } = recorder.env;
    const clone = await recorder.env.clone(name);
    const { vmId } = await clone.result();
    if (change !== undefined) await control.vm(vmId, change);
    await asked(() => clone.deleteVm(), WORKFLOWS.deleteVmOfClone)(recorder, name);
  };

/** What is neither a clone nor a revert. */
export const OTHERS: Readonly<Record<string, Scenario>> = {
  'delete-done': deleted(),
  'delete-kept-a-machine': deleted({ power: 'POWERED_ON' }),
  'delete-already-gone': async (recorder, name) => {
    const clone = await recorder.env.clone(name);
    const { vmId } = await clone.result();
    await recorder.env.control.call('DELETE', `/vms/${vmId}`);
    await asked(() => clone.deleteVm(), WORKFLOWS.deleteVmOfClone)(recorder, name);
  },
  'inspect-snapshots': inspected(({ env }) =>
    env.snapflow.snapshots({ connection: env.connection, vm: 'web-01' }),
  ),
  'inspect-plan-of-a-clone': inspected(({ env }) =>
    env.snapflow.plan({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'planned' }),
  ),
  'inspect-plan-of-a-revert': inspected(({ env }) =>
    env.snapflow.planRevert({ connection: env.connection, vm: 'web-01', snapshot: 'latest' }),
  ),
  'inspect-refused': inspected(({ env }) =>
    env.snapflow.snapshots({ connection: env.connection, vm: 'no-such-machine' }),
  ),
};
