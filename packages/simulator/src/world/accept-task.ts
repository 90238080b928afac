import { z } from 'zod';
import type { Task } from './tasks';
import { ADMINISTRATOR } from './users';
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

/** More than any service keeps, and few enough to be described one by one. */
const MAX_ADDED = 5_000;

/** What `POST /tasks` takes. */
export const endedTasksSchema = z.strictObject({
  count: z.number().int().min(1).max(MAX_ADDED),
  kind: z.enum(['clone', 'revert', 'restore']).default('clone'),
  status: z.enum(['SUCCEEDED', 'FAILED']).default('SUCCEEDED'),
  user: z.string().min(1).default(ADMINISTRATOR),
  /** Id of the machine that they were on. */
  vm: z.string().min(1).default('vm-1001'),
  /** How long ago they ended. */
  agoMs: z.number().int().min(0).default(60_000),
});

const OPERATIONS = { clone: 'linked_clone', revert: 'revert', restore: 'restore' } as const;

/** Records of tasks that ended before: they have no effect, and the machines that they made are gone. */
export function addEndedTasks(world: World, ended: z.output<typeof endedTasksSchema>): readonly string[] {
  const { count, kind, status, user, vm, agoMs } = ended;
  const endedMs = world.clock.now() - agoMs;
  const applianceMs = endedMs + world.settings.clockSkewMs;
  return Array.from({ length: count }, () => {
    const id = world.ids.task();
    const isMaker = kind !== 'revert' && status === 'SUCCEEDED';
    world.tasks.record({
      id,
      kind,
      service: VM_SERVICE,
      operation: OPERATIONS[kind],
      target: { type: 'VirtualMachine', id: vm },
      cause: { user, call: 'call-0' },
      work: { durationMs: 0, finish: () => undefined },
      acceptedMs: endedMs,
      status,
      startTimeMs: applianceMs,
      endTimeMs: applianceMs,
      endedMs,
      completed: 100,
      hidden: false,
      begun: true,
      finished: true,
      ...(isMaker ? { result: world.ids.vm((vm) => world.inventory.vms.has(vm)) } : {}),
    });
    return id;
  });
}
