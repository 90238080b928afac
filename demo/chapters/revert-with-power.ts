import { follow } from '../follow';
import type { Chapter, DemoEnvironment } from '../environment';

const REVERT_MS = 3_000;
const VM = 'web-05';
const SNAPSHOT = 'nightly-0411';

/** A revert leaves a machine powered off; on request it gets its power state back. */
export const revertWithPower: Chapter = {
  title: 'A revert, after which the machine runs again',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    await simulator.set({ revertMs: REVERT_MS });
    const before = await machine(env);
    await simulator.writeTo(before.id);
    const requestId = env.named('demo-7');
    narrator.say(`${VM} runs, and somebody writes to it; then revert ${VM} @ ${SNAPSHOT}`);
    const revert = await snapflow.revert(
      { vm: VM, snapshot: SNAPSHOT, restorePower: true },
      { requestId, signal },
    );
    env.showRun(revert);
    await follow(revert, env);
    const { taskId, undoSnapshotId, powerState } = await revert.result({ signal });
    const after = await machine(env);
    const content = await simulator.contentOf(before.id, SNAPSHOT);
    narrator.check(
      'its content is that of the snapshot again',
      after.contentGeneration === content && content < before.contentGeneration,
      `generation ${before.contentGeneration + 1} before, ${after.contentGeneration} after, ${content} in the snapshot`,
    );
    narrator.check(
      'it runs as it did',
      before.powerState === 'POWERED_ON' && after.powerState === 'POWERED_ON' && powerState === 'POWERED_ON',
      `before ${before.powerState}, after ${after.powerState}`,
    );
    const { snapshots } = await snapflow.snapshots({ vm: VM, signal });
    const undo = snapshots.find(({ snapshotId }) => snapshotId === undoSnapshotId);
    narrator.check(
      'the way back is named: the snapshot that the service took before',
      undo?.type === 'SYSTEM_CREATED' && undo.snapshotId === snapshots[0]?.snapshotId,
      `${undo?.snapshotId}, ${undo?.type}`,
    );
    const [task, ...more] = (await simulator.ledger()).filter(({ kind }) => kind === 'revert');
    narrator.check('it was reverted once', task?.task === taskId && more.length === 0, `by task ${taskId}`);
    const effects = ['snapshot', 'revert', 'power'];
    env.told.push({ requestId, about: { vmId: before.id }, outcome: 'reverted', effects });
  },
};

async function machine({ simulator }: DemoEnvironment) {
  const found = (await simulator.machines()).find(({ name }) => name === VM);
  if (found === undefined) throw new Error(`The simulator has no machine ${VM}.`);
  return found;
}
