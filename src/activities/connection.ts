import { ApplicationFailure } from '@temporalio/common';
import type { AllowList } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { FailureDetails } from '../contract/failure-details';
import type { Check } from '../contract/inspect';
import type { OperationSettings, Operation } from '../contract/operations';
import type { TaskInfo, TaskWatcher, VsphereConnection } from '../vsphere';
import { failWith } from './errors';

/** One configured connection, as the worker holds it: one session and one task watcher for all operations. */
export interface Connection {
  readonly name: string;
  readonly vsphere: VsphereConnection;
  readonly watcher: TaskWatcher;
  readonly settings: OperationSettings;
  readonly allow: AllowList;
  /** For requests that are checked at once: a crowd of them waits in a task queue rather than in the hosts' queues. */
  readonly checks: Places;
  readonly starts: Admission;
  /** What the service has told of tasks that starts of this worker returned. */
  readonly ownTasks: OwnTasks;
  /** What its configuration says by itself, for `doctor`. */
  readonly configured: readonly Check[];
}

export type Connections = ReadonlyMap<string, Connection>;

/** Of a request that is only checked: nothing was changed yet, so a connection that is not there is final. */
export function connectionOf(connections: Connections, name: string): Connection {
  return (
    connections.get(name) ??
    failWith('UnknownConnection', notConfigured(connections, name), details(connections, name))
  );
}

/**
 * Of a request that may have had its effect. A worker that lacks its connection is an accident (a deployment with half of
 * the configuration): the step is tried again, by whichever worker comes next, and shows as blocked meanwhile.
 */
export function connectionOfStarted(connections: Connections, name: string): Connection {
  const connection = connections.get(name);
  if (connection !== undefined) return connection;
  throw ApplicationFailure.retryable(
    notConfigured(connections, name),
    'UnknownConnection',
    details(connections, name),
  );
}

export const notConfigured = (connections: Connections, name: string): string =>
  `connection "${name}" is not configured on the worker, which has ${[...connections.keys()].map((key) => `"${key}"`).join(', ')}: name one of these, or add it to the worker's configuration.`;

const details = (connections: Connections, name: string): FailureDetails['UnknownConnection'] => ({
  field: 'connection',
  value: name,
  known: [...connections.keys()],
});

/** A fixed number of places, for those who wait in the order in which they came. */
export class Places {
  private readonly waiting = new Set<() => void>();
  private free: number;

  constructor(most: number) {
    this.free = most;
  }

  /** Takes a place if one is free now. */
  tryTake(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  /** Resolves with a place taken. Rejects with the signal's reason while it still waits. */
  take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (this.tryTake()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.waiting.delete(enter);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.add(enter);
    });
  }

  giveBack(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free += 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}

/** Who may start a task now. Starts tell what became of them, and waits which tasks are open. */
export interface Admission {
  /** A start begins. Why it must not post now: others have taken the worker's last places meanwhile. */
  readonly begin: (operation: Operation) => string | undefined;
  /** One that was let in has come to its end, whatever that was. */
  readonly end: (operation: Operation) => void;
  /** The service took a start, which has this task. */
  readonly onAccepted: (operation: Operation, taskId: string) => void;
  /** The service refused a start for want of room. */
  readonly onRefused: (operation: Operation) => void;
  /** A wait for a task begins. What is returned tells of the wait's end, and whether the task's end has come with it. */
  readonly watch: (taskId: string) => (hasEnded: boolean) => void;
}

/** How the service tells a task: by filters that are exact. */
interface Spelling {
  readonly user: string;
  /** Absent where the task told none. */
  readonly operation?: string;
}

/** Starts of an hour of a busy worker. An older task has been seen, or is not seen any more. */
const MOST_STARTED = 1_000;

/**
 * Tasks that starts of this worker returned, and how the service spells account and operation on them. It documents
 * neither spelling, so only a filter that such a task has shown leaves out nothing of ours.
 */
export class OwnTasks {
  private readonly started = new Map<string, Operation>();
  private readonly spellings = new Map<Operation, Spelling>();

  add(taskId: string, operation: Operation): void {
    this.started.set(taskId, operation);
    const [oldest] = this.started.keys();
    if (this.started.size > MOST_STARTED && oldest !== undefined) this.started.delete(oldest);
  }

  /** What the service tells of a task. Others' teach nothing. */
  see(taskId: string, { user, operation }: Pick<TaskInfo, 'user' | 'operation'>): void {
    const of = this.started.get(taskId);
    if (of === undefined || user === undefined) return;
    this.spellings.set(of, { user, ...omitUndefined({ operation }) });
    this.started.delete(taskId);
  }

  /** Of tasks of the operation. Undefined until one of them was seen. */
  spelling(operation: Operation): Spelling | undefined {
    return this.spellings.get(operation);
  }
}
