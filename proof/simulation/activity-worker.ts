import { asyncLocalStorage, CancelledFailure, Context } from '@temporalio/activity';
import { createActivities } from '../../src/activities';
import { OwnTasks, Places, type Connection } from '../../src/activities/connection';
import { DEFAULT_LIMITS } from '../../src/worker/config-types';
import { StartPermits } from '../../src/worker/start-permits';
import { DEFAULT_SETTINGS } from '../../src/contract/operations';
import { openConnection, TaskWatcher } from '../../src/vsphere';
import type { Chance } from './chance';
import { dispatcherFor, type CallPoints } from './network';
import type { SimulatedHosts } from './simulated-hosts';
import { activityClient } from './temporal/activity-client';
import { failureOf } from './temporal/failures';
import type { Attempt, AttemptAnswer } from './temporal/activity-tasks';
import type { TemporalServer } from './temporal/server';
import type { Owner, VirtualTime } from './virtual-time';

export interface WorkerLinks {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly server: TemporalServer;
  readonly hosts: SimulatedHosts;
  readonly points: CallPoints;
  /** Asked when an attempt is about to run, has its result, and when the server has it. */
  readonly onAttempt: (
    moment: 'starts' | 'returns',
    attempt: Attempt,
    worker: ActivityWorker,
  ) => 'lost' | undefined;
  readonly isRpcLost: () => boolean;
  /** Polls of tasks are as far apart at least. */
  readonly leastPollMs: number;
}

/** Logs are the same to the oracle whatever they say. */
const SILENT = { trace: no, debug: no, info: no, warn: no, error: no, log: no };

function no(): void {
  // Nobody reads the logs of a schedule.
}

/** A worker process: the product's activities over its client of vSphere, with a session and a task watcher of its own. */
export class ActivityWorker {
  readonly owner: Owner;
  private readonly activities: Readonly<Record<string, (input: never) => Promise<unknown>>>;
  private readonly client: object;

  constructor(
    private readonly links: WorkerLinks,
    name: string,
    skewMs: number,
  ) {
    const { time } = links;
    this.owner = { name, alive: true, resumesAtMs: 0, wallMs: () => time.nowMs + skewMs };
    const connection = openSimulated(links, this.owner);
    this.activities = createActivities(new Map([[connection.name, connection]])) as never;
    this.client = activityClient({ ...links, isLost: links.isRpcLost }, this.owner);
  }

  /** Whether a task that is given out now is taken. */
  get isPolling(): boolean {
    return this.owner.alive && this.owner.resumesAtMs <= this.links.time.nowMs;
  }

  /** SIGKILL: nothing of it happens any more; what it has written is on its way. */
  kill(): void {
    this.links.time.note(`${this.owner.name} is killed`);
    this.owner.alive = false;
  }

  /** SIGSTOP, then SIGCONT. */
  pause(forMs: number): void {
    this.links.time.note(`${this.owner.name} stands still for ${forMs} ms`);
    this.owner.resumesAtMs = this.links.time.nowMs + forMs;
  }

  run(attempt: Attempt): void {
    const { time, chance } = this.links;
    const label = `${attempt.activity.type} ${attempt.attempt} of ${attempt.execution.runId} begins`;
    time.after(chance.latencyMs(), label, () => this.begin(attempt), this.owner);
  }

  private begin(attempt: Attempt): void {
    this.links.onAttempt('starts', attempt, this);
    if (!this.owner.alive) return;
    const { type, input } = attempt.activity;
    const activity = this.activities[type];
    if (activity === undefined) throw new Error(`there is no activity ${type}`);
    const context = this.contextOf(attempt);
    // Nothing is shared with the history.
    const own = structuredClone(input) as never;
    asyncLocalStorage
      .run(context, () => Promise.resolve().then(() => activity(own)))
      .then(
        (result) => this.answer(attempt, { kind: 'completed', result }),
        (error: unknown) => this.answer(attempt, { kind: 'failed', failure: failureOf(error) }),
      )
      .catch((error: unknown) => {
        throw error;
      });
  }

  private answer(attempt: Attempt, answer: AttemptAnswer): void {
    const { time, chance, server, onAttempt } = this.links;
    const isLost = onAttempt('returns', attempt, this) === 'lost';
    if (!this.owner.alive || isLost) return;
    const { type } = attempt.activity;
    const label = `${type} ${attempt.attempt} of ${attempt.execution.runId} ${told(answer)}`;
    time.after(chance.latencyMs(), label, () => server.activities.answer(attempt, answer), server.owner);
  }

  private contextOf(attempt: Attempt): Context {
    const { time, chance, server } = this.links;
    const { execution, activity, attempt: number, attemptScheduledMs } = attempt;
    const { workflowId, runId, type: workflowType } = execution;
    const cancel = new AbortController();
    const cancelled = new Promise<never>((_resolve, reject) => {
      cancel.signal.addEventListener('abort', () => reject(new CancelledFailure('CANCELLED')), {
        once: true,
      });
    });
    cancelled.catch(no);
    const heartbeat = () => {
      const beat = () => {
        if (server.activities.heartbeat(attempt) === 'go on') return;
        time.after(chance.latencyMs(), '', () => cancel.abort(new CancelledFailure('CANCELLED')), this.owner);
      };
      time.after(chance.latencyMs(), '', beat, server.owner);
    };
    const info = {
      activityId: String(activity.seq),
      activityType: activity.type,
      attempt: number,
      scheduledTimestampMs: activity.scheduledMs,
      currentAttemptScheduledTimestampMs: number === 1 ? activity.scheduledMs : attemptScheduledMs,
      workflowExecution: { workflowId, runId },
      workflowType,
      taskQueue: 'snapflow',
    };
    return new Context(
      info as never,
      cancelled,
      cancel.signal,
      heartbeat,
      this.client as never,
      SILENT,
      undefined as never,
      {},
    );
  }
}

const told = (answer: AttemptAnswer): string =>
  answer.kind === 'completed'
    ? `returned ${JSON.stringify(answer.result)}`
    : `failed: ${(answer.failure.proto as { message?: string }).message}`;

function openSimulated({ time, chance, hosts, points, leastPollMs }: WorkerLinks, owner: Owner): Connection {
  const settings = {
    name: 'default',
    vcenterUrl: 'http://127.0.0.1:1',
    applianceUrl: 'http://127.0.0.1:2',
    username: 'administrator@vsphere.local',
    password: hosts.password,
  };
  const vsphere = openConnection(settings, {
    dispatcherFor: dispatcherFor({ time, chance, hosts, points }, owner),
  });
  const watcher = new TaskWatcher(vsphere.appliance, {
    schedule: (delayMs, poll) => {
      const timer = setTimeout(poll, Math.max(delayMs, leastPollMs));
      return () => clearTimeout(timer);
    },
  });
  return {
    name: 'default',
    vsphere,
    watcher,
    settings: DEFAULT_SETTINGS,
    allow: {},
    checks: new Places(DEFAULT_LIMITS.checksAtOnce),
    starts: new StartPermits(DEFAULT_LIMITS.tasksInFlight),
    ownTasks: new OwnTasks(),
    configured: [],
  };
}
