import type { PlannedOperation } from '../judge/evidence/plan';
import { holdRest, holdRpc, type Armed, type Release } from './firing-point';
import { rpcOf } from './rpc';
import type { Scene, Variation } from './scene';
import {
  afterRpc,
  betweenPolls,
  closes,
  completed,
  names,
  waits,
  whileDraining,
  whileUndone,
} from './window-points';

/** A moment of an operation in which an effect, or the knowledge of one, can be lost. */
export interface Window {
  readonly title: string;
  /** V: held at the simulator, G: at the pass-through, P: found by watching. */
  readonly means: 'V' | 'G' | 'P';
  /** Who stands in the window, and is killed there. */
  readonly dies: 'worker' | 'starter';
  /** What happens to the held call when its process is killed. */
  readonly whenKilled: Release;
  readonly variation?: (operation: PlannedOperation) => Variation;
  readonly ends: 'succeeded' | 'cancelled';
  readonly arm: (scene: Scene) => Promise<Armed> | Armed;
}

const worker = { dies: 'worker', ends: 'succeeded' } as const;
const starter = { dies: 'starter', ends: 'succeeded' } as const;
const undo = { dies: 'worker', ends: 'cancelled' } as const;

/** All windows of the programme. */
export const WINDOWS = {
  K1: {
    title: 'start request not forwarded',
    means: 'G',
    ...starter,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.callerLink, 'before', rpcOf('StartWorkflowExecution')),
  },
  K2: {
    title: 'start persisted, reply lost',
    means: 'G',
    ...starter,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.callerLink, 'after', rpcOf('StartWorkflowExecution')),
  },
  K3: { title: 'caller waits', means: 'P', ...starter, whenKilled: 'go-on', arm: waits },
  K4: {
    title: 'result delivered, not printed',
    means: 'P',
    ...starter,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.callerLink, 'after', rpcOf('GetWorkflowExecutionHistory', '"taskId"')),
  },
  K5: {
    title: 'workflow task delivered, not answered',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) =>
      holdRpc(scene.workerLink, 'before', rpcOf('RespondWorkflowTaskCompleted', names(scene).start)),
  },
  K6: {
    title: 'workflow task persisted, reply lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) =>
      holdRpc(scene.workerLink, 'after', rpcOf('RespondWorkflowTaskCompleted', names(scene).start)),
  },
  K7: {
    title: 'read-only activity answered, completion not sent',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'before', completed(names(scene).prepared)),
  },
  K8: {
    title: 'prepare persisted, reply lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'after', completed(names(scene).prepared)),
  },
  K9: {
    title: 'session created, reply lost',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRest(scene, 'appliance.login', 'after'),
  },
  K10: {
    title: 'looked, POST not written',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) =>
      afterRpc(scene, completed(names(scene).prepared), () =>
        holdRest(scene, names(scene).lookBeforePost, 'after'),
      ),
  },
  K11: {
    title: 'POST in kernel buffers, process dead, effect follows',
    means: 'V',
    ...worker,
    whenKilled: 'go-on',
    arm: (scene) => holdRest(scene, names(scene).post, 'before'),
  },
  K12: {
    title: 'effect accepted, reply not delivered',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRest(scene, names(scene).post, 'after'),
  },
  K13: {
    title: 'POST answered, completion not sent',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'before', completed(names(scene).start)),
  },
  K14: {
    title: 'completion persisted, reply lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'after', completed(names(scene).start)),
  },
  K15: {
    title: 'between polls',
    means: 'P',
    ...worker,
    whenKilled: 'go-on',
    variation: () => ({ taskMs: 5_000 }),
    arm: betweenPolls,
  },
  K16: {
    title: 'terminal status read, completion not sent',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'before', completed('awaitTask')),
  },
  K17: {
    title: 'heartbeat lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'before', rpcOf('RecordActivityTaskHeartbeat', 'awaitTask')),
  },
  K18: {
    title: 'verify read, completion lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'before', completed(names(scene).verify)),
  },
  K19: {
    title: 'result decided, last workflow task lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (scene) => holdRpc(scene.workerLink, 'before', closes(scene)),
  },
  K20: {
    title: 'undo decided, call not written',
    means: 'V',
    ...undo,
    whenKilled: 'lost',
    arm: (scene) => whileUndone(scene, () => holdRest(scene, names(scene).undoCall, 'before')),
  },
  K21: {
    title: 'undo accepted, reply lost',
    means: 'V',
    ...undo,
    whenKilled: 'lost',
    arm: (scene) => whileUndone(scene, () => holdRest(scene, names(scene).undoCall, 'after')),
  },
  K22: {
    title: 'undo answered, completion lost',
    means: 'G',
    ...undo,
    whenKilled: 'lost',
    arm: (scene) =>
      whileUndone(scene, () =>
        Promise.resolve(holdRpc(scene.workerLink, 'before', completed(names(scene).undo))),
      ),
  },
  K23: {
    title: 'power restore accepted, reply lost',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    variation: (operation) => ({ callerArgs: [operation === 'clone' ? '--power-on' : '--restore-power'] }),
    arm: (scene) => holdRest(scene, 'power.start', 'after'),
  },
  K24: {
    title: 'drain after SIGTERM',
    means: 'P',
    ...worker,
    whenKilled: 'lost',
    arm: whileDraining,
  },
} as const satisfies Record<string, Window>;

export const windowOf = (id: string): Window => {
  const window = (WINDOWS as Record<string, Window>)[id];
  if (window === undefined) throw new Error(`There is no window ${id}: K1 to K24 are.`);
  return window;
};
