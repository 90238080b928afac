import {
  VsphereError,
  type Listed,
  type ListedTask,
  type TaskFilter,
  type TaskInfo,
} from '../../src/vsphere';
import type { VirtualTime } from './virtual-time';

/** What a call takes: a loaded appliance's answer, not this machine's. */
const CALL_MS = 20;
/** `GET /api/snapservice/tasks` refuses more matches. */
const MAX_MATCHES = 1_000;

export interface DrivenTask {
  readonly taskId: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** An appliance on a driven clock: tasks with known ends, and a count of its calls. */
export class DrivenTasks {
  readonly tasks = new Map<string, DrivenTask>();
  calls = 0;

  constructor(
    private readonly time: VirtualTime,
    /** Progress that is shown; a real task does not go at an even speed. */
    private readonly progress: 'uneven' | 'none',
  ) {}

  add(task: DrivenTask): void {
    this.tasks.set(task.taskId, task);
  }

  readonly getTask = async (taskId: string): Promise<TaskInfo> => {
    await this.call();
    const task = this.tasks.get(taskId);
    if (task === undefined) throw refusal('not-found', 'NOT_FOUND');
    return this.info(task);
  };

  readonly listTasks = async ({ tasks = [] }: TaskFilter): Promise<Listed<ListedTask>> => {
    await this.call();
    if (tasks.length === 0 || tasks.length > MAX_MATCHES)
      throw refusal('server-error', 'RESOURCE_INACCESSIBLE');
    const items = tasks.flatMap((taskId) => {
      const task = this.tasks.get(taskId);
      return task === undefined ? [] : [{ taskId, info: this.info(task) }];
    });
    return { items };
  };

  private async call(): Promise<void> {
    this.calls += 1;
    await this.time.sleep(CALL_MS);
  }

  private info({ startMs, endMs }: DrivenTask): TaskInfo {
    const done = Math.min(1, (this.time.nowMs - startMs) / (endMs - startMs));
    const common = {
      service: 'virtual_machines',
      operation: 'linked_clone',
    };
    if (done >= 1) return { ...common, status: 'SUCCEEDED', resultId: 'vm-1' };
    if (this.progress === 'none') return { ...common, status: 'RUNNING' };
    const shown = 100 * (done + Math.sin(2 * Math.PI * done) * 0.1);
    return {
      ...common,
      status: 'RUNNING',
      progress: { completed: Math.max(0, Math.floor(shown)), total: 100, message: '' },
    };
  }
}

const refusal = (kind: VsphereError['kind'], errorType: string): VsphereError =>
  new VsphereError('the driven appliance refuses', {
    kind,
    effect: 'none',
    operation: 'tasks.list',
    host: 'appliance',
    remedy: 'correct the bench',
    errorType,
  });
