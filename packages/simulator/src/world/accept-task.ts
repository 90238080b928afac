import type { Task } from './task';
import type { World } from './world';

type Accepted = Pick<Task, 'kind' | 'service' | 'operation' | 'target' | 'cause'>;

export const VM_SERVICE = 'com.vmware.snapservice.clusters.virtual_machines';
export const GROUP_SNAPSHOT_SERVICE = 'com.vmware.snapservice.clusters.protection_groups.snapshots';

/** Accepts a task; `work` gets the new task's id. From here on it happens, whatever becomes of the caller. */
export function acceptTask(world: World, what: Accepted, work: (task: string) => Task['work']): string {
  const id = world.ids.task();
  world.tasks.accept({
    ...what,
    id,
    work: work(id),
    acceptedMs: world.clock.now(),
    status: 'PENDING',
    completed: 0,
    hidden: false,
    begun: false,
    finished: false,
  });
  return id;
}
