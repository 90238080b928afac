import type { PlannedOperation } from '../judge/evidence/plan';
import { holdRest, holdRpc, type Armed, type Release } from './firing-point';
import { rpcOf } from './rpc';
import type { RoundEnvironment, Variation } from './round-environment';
import {
  afterRpc,
  betweenPolls,
  closes,
  completed,
  names,
  verifiesByItself,
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
  readonly arm: (round: RoundEnvironment) => Promise<Armed> | Armed;
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
    arm: (round) => holdRpc(round.callerLink, 'before', rpcOf('StartWorkflowExecution')),
  },
  K2: {
    title: 'start persisted, reply lost',
    means: 'G',
    ...starter,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.callerLink, 'after', rpcOf('StartWorkflowExecution')),
  },
  K3: { title: 'caller waits', means: 'P', ...starter, whenKilled: 'go-on', arm: waits },
  K4: {
    title: 'result delivered, not printed',
    means: 'P',
    ...starter,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.callerLink, 'after', rpcOf('GetWorkflowExecutionHistory', '"taskId"')),
  },
  K5: {
    title: 'workflow task delivered, not answered',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) =>
      holdRpc(round.workerLink, 'before', rpcOf('RespondWorkflowTaskCompleted', names(round).start)),
  },
  K6: {
    title: 'workflow task persisted, reply lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) =>
      holdRpc(round.workerLink, 'after', rpcOf('RespondWorkflowTaskCompleted', names(round).start)),
  },
  K7: {
    title: 'read-only activity answered, completion not sent',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.workerLink, 'before', completed(names(round).prepared)),
  },
  K8: {
    title: 'prepare persisted, reply lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.workerLink, 'after', completed(names(round).prepared)),
  },
  K9: {
    title: 'session created, reply lost',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRest(round, 'appliance.login', 'after'),
  },
  K10: {
    title: 'looked, POST not written',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    arm: (round) =>
      afterRpc(round, completed(names(round).prepared), () =>
        holdRest(round, names(round).lookBeforePost, 'after'),
      ),
  },
  K11: {
    title: 'POST in kernel buffers, process dead, effect follows',
    means: 'V',
    ...worker,
    whenKilled: 'go-on',
    arm: (round) => holdRest(round, names(round).post, 'before'),
  },
  K12: {
    title: 'effect accepted, reply not delivered',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRest(round, names(round).post, 'after'),
  },
  K13: {
    title: 'POST answered, completion not sent',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.workerLink, 'before', completed(names(round).start)),
  },
  K14: {
    title: 'completion persisted, reply lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.workerLink, 'after', completed(names(round).start)),
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
    arm: (round) => holdRpc(round.workerLink, 'before', completed('awaitTask')),
  },
  K17: {
    title: 'heartbeat lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.workerLink, 'before', rpcOf('RecordActivityTaskHeartbeat', 'awaitTask')),
  },
  K18: {
    title: 'verify read, completion lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) =>
      verifiesByItself(round, () => holdRpc(round.workerLink, 'before', completed(names(round).verify))),
  },
  K19: {
    title: 'result decided, last workflow task lost',
    means: 'G',
    ...worker,
    whenKilled: 'lost',
    arm: (round) => holdRpc(round.workerLink, 'before', closes(round)),
  },
  K20: {
    title: 'undo decided, call not written',
    means: 'V',
    ...undo,
    whenKilled: 'lost',
    arm: (round) => whileUndone(round, () => holdRest(round, names(round).undoCall, 'before')),
  },
  K21: {
    title: 'undo accepted, reply lost',
    means: 'V',
    ...undo,
    whenKilled: 'lost',
    arm: (round) => whileUndone(round, () => holdRest(round, names(round).undoCall, 'after')),
  },
  K22: {
    title: 'undo answered, completion lost',
    means: 'G',
    ...undo,
    whenKilled: 'lost',
    arm: (round) =>
      whileUndone(round, () =>
        Promise.resolve(holdRpc(round.workerLink, 'before', completed(names(round).undo))),
      ),
  },
  K23: {
    title: 'power restore accepted, reply lost',
    means: 'V',
    ...worker,
    whenKilled: 'lost',
    variation: (operation) => ({ callerArgs: [operation === 'clone' ? '--power-on' : '--restore-power'] }),
    arm: (round) => holdRest(round, 'power.start', 'after'),
  },
  K24: {
    title: 'drain after SIGTERM',
    means: 'P',
    ...worker,
    whenKilled: 'lost',
    arm: whileDraining,
  },
} as const satisfies Record<string, Window>;

export function windowOf(id: string): Window {
  const window = (WINDOWS as Record<string, Window>)[id];
  if (window === undefined) throw new Error(`There is no window ${id}: K1 to K24 are.`);
  return window;
}
