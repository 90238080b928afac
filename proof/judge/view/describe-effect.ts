import type { Effect } from '../evidence/simulator-records';

/** An effect in a sentence, with every id that finds it again. */
export function describeEffect({ seq, kind, vm, resultVm, task, snapshot, call }: Effect): string {
  const parts = [
    kind === 'clone' ? `${vm} -> ${resultVm}` : vm,
    snapshot === undefined ? undefined : `snapshot ${snapshot}`,
    task === undefined ? undefined : `task ${task}`,
    call,
  ];
  return `${kind} #${seq} (${parts.filter((part) => part !== undefined).join(', ')})`;
}
