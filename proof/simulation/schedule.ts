import { MEMO, OPERATIONS, requestWorkflowId } from '../../src/contract/operations';
import { ActivityWorker } from './activity-worker';
import { Chance } from './chance';
import type { CallFault, ReplyFault } from './network';
import { answered, Outages } from './outages';
import type { Fault, Happening, Plan } from './plan';
import { requestOf } from './request';
import { simulatedHosts, type SimulatedHosts } from './simulated-hosts';
import type { Execution } from './temporal/execution';
import type { Attempt } from './temporal/activity-tasks';
import { TemporalServer } from './temporal/server';
import { START_MS, VirtualTime } from './virtual-time';
import { clonePoweredOn, oddStatus, somebodyElse, taskFails, taskForgotten } from './world-changes';

/** Whatever goes wrong heals within a minute and a half, so an hour later every request has settled. */
const SETTLED_WITHIN_MS = 3_600_000;
/** What is still on its way when all have settled arrives within this. */
const QUIET_MS = 60_000;

/** One schedule as it runs: the processes, the server, vSphere, and what goes wrong when. */
export class Schedule {
  readonly time: VirtualTime;
  readonly hosts: SimulatedHosts;
  readonly server: TemporalServer;
  /** What really fired. */
  readonly fired: Happening[] = [];
  private readonly chance: Chance;
  private workers: ActivityWorker[] = [];
  private readonly passed = new Map<string, number>();
  private readonly outages = new Outages();
  private rpcsToLose = 0;
  private shortages = 0;
  private capacity = {};
  /** Requests that are still to be asked. */
  private toAsk = 0;
  private made = 0;

  constructor(
    readonly plan: Plan,
    workflows: Readonly<Record<string, unknown>>,
    log?: (line: string) => void,
    mostEvents?: number,
  ) {
    const { seed, visibilityDelayMs, taskVisibilityDelayMs, taskMs, isUncached } = plan;
    this.time = new VirtualTime(log, mostEvents);
    this.chance = new Chance(seed);
    this.hosts = simulatedHosts(
      this.time,
      { cloneMs: taskMs, revertMs: taskMs, visibilityDelayMs, taskVisibilityDelayMs },
      seed,
    );
    const { time, chance } = this;
    this.server = new TemporalServer({
      time,
      chance,
      workflows,
      isUncached,
      dispatch: (attempt) => this.dispatch(attempt),
      onEvent: (point, execution) => this.pass(point, execution),
    });
  }

  /** For the globals: what no process of the schedule draws for itself. */
  readonly random = (): number => this.chance.random();

  /** Runs it to its end; false when a request did not settle. */
  async run(): Promise<boolean> {
    this.begin();
    if (this.plan.secondAfterMs !== undefined) this.ask('second', this.plan.secondAfterMs);
    const isSettled = await this.time.runUntil(() => this.areAllSettled(), START_MS + SETTLED_WITHIN_MS);
    await this.time.runUntil(() => false, this.time.nowMs + QUIET_MS);
    return isSettled;
  }

  /** Two workers, and the request. */
  begin(): void {
    this.addWorker();
    this.addWorker();
    this.ask('first', 0);
  }

  /** Every run of the requests, oldest first; locks left out. */
  get requests(): readonly Execution[] {
    return this.server.executions.filter(({ parent }) => parent === undefined);
  }

  private ask(requestId: string, afterMs: number, again?: Execution): void {
    const { operation } = this.plan;
    const workflowId = requestWorkflowId('default', requestId);
    const input = requestOf(this.plan, requestId, again?.runId);
    this.toAsk += 1;
    const start = () => {
      this.toAsk -= 1;
      this.server.start({ workflowId, type: OPERATIONS[operation].workflow, input });
    };
    this.time.after(afterMs, '', start, this.time.main);
  }

  private areAllSettled(): boolean {
    if (this.toAsk > 0) return false;
    const open = this.requests.filter(({ status }) => status === 'RUNNING');
    const isAsking = open.some(({ memo }) => memo[MEMO.state] === 'needs-decision');
    return open.every(
      ({ memo, activities }) =>
        memo[MEMO.state] === 'needs-decision' ||
        (isAsking && [...activities.values()].some(({ type }) => type === 'awaitExclusion')),
    );
  }

  private addWorker(): void {
    const skewMs = this.made % 2 === 0 ? 0 : this.plan.skewMs;
    const { time, chance, server, hosts } = this;
    const worker = new ActivityWorker(
      {
        time,
        chance,
        server,
        hosts,
        leastPollMs: this.plan.leastPollMs ?? 0,
        points: {
          onWrite: (operation, owner) => this.onWrite(operation, owner.name),
          onServed: (operation, owner) => this.onServed(operation, owner.name),
        },
        onAttempt: (moment, { activity, execution }, { owner }) =>
          this.happenAt(`${activity.type} ${moment}`, { worker: owner.name, execution }).some(
            (each) => each.do === 'lose answer',
          )
            ? 'lost'
            : undefined,
        isRpcLost: () => this.rpcsToLose > 0 && this.rpcsToLose-- > 0,
      },
      `worker-${++this.made}`,
      skewMs,
    );
    this.workers.push(worker);
  }

  private dispatch(attempt: Attempt): boolean {
    const worker = this.chance.oneOf(this.workers.filter(({ isPolling }) => isPolling));
    worker?.run(attempt);
    return worker !== undefined;
  }

  private pass(point: string, execution: Execution): void {
    this.happenAt(point, { execution });
  }

  private onWrite(operation: string, worker: string): CallFault | undefined {
    const happenings = this.happenAt(`${operation} written`, { worker });
    const fault = this.outages.faultAt(this.time.nowMs, operation);
    if (fault !== undefined) return fault;
    for (const each of happenings) {
      if (each.do === 'reset' || each.do === 'silence' || each.do === 'refused-connection')
        return { kind: each.do };
      if (each.do === 'late') return { kind: 'late', lateMs: each.lateMs };
      if (each.do === 'answer') return answered(each.status, each.errorType);
    }
    return undefined;
  }

  private onServed(operation: string, worker: string): ReplyFault | undefined {
    for (const each of this.happenAt(`${operation} served`, { worker })) {
      if (each.do === 'reset' || each.do === 'silence') return { kind: each.do };
      if (each.do === 'slow') return { kind: 'slow', slowMs: each.slowMs };
      if (each.do === 'answer') return answered(each.status, each.errorType);
    }
    return undefined;
  }

  /** Counts the point, lets happen what the plan has there, and returns that for the caller to see what concerns it. */
  private happenAt(
    point: string,
    where: { readonly worker?: string; readonly execution?: Execution },
  ): Happening[] {
    const nth = (this.passed.get(point) ?? 0) + 1;
    this.passed.set(point, nth);
    const due = this.plan.faults.filter(({ at }: Fault) => at.point === point && at.nth === nth);
    return due.map(({ happening }) => {
      this.time.note(`FAULT at ${point} ${nth}: ${JSON.stringify(happening)}`);
      this.fired.push(happening);
      this.happen(happening, where.worker);
      return happening;
    });
  }

  private happen(happening: Happening, workerName: string | undefined): void {
    const { time, hosts } = this;
    const { world } = hosts;
    switch (happening.do) {
      case 'kill':
        return this.kill(workerName, happening.backAfterMs);
      case 'pause':
        return this.workerOf(workerName)?.pause(happening.forMs);
      case 'storm':
      case 'outage':
        return this.outages.begin(happening, time.nowMs);
      case 'lose rpc':
        this.rpcsToLose += 1;
        return;
      case 'cancel':
        return this.onFirst((run) => this.server.cancel(run));
      case 'terminate':
        return this.onFirst((run) => this.terminate(run, happening.againAfterMs));
      case 'reset run':
        return this.resetFirst(happening.back);
      case 'expire sessions':
        world.applianceSessions.closeAll();
        world.vcenterSessions.closeAll();
        return;
      case 'no capacity':
        return this.withoutCapacity(happening.forMs);
      case 'somebody else':
        return somebodyElse(world, this.plan.operation);
      case 'task fails':
        return void taskFails(world, happening.withEffect);
      case 'task forgotten':
        return void taskForgotten(world);
      case 'odd status':
        return this.giveOddStatus(happening.forMs);
      case 'clone powered on':
        return void clonePoweredOn(world);
      // What concerns one call or one attempt alone: whoever passed the point sees to it.
      case 'reset':
      case 'silence':
      case 'refused-connection':
      case 'late':
      case 'slow':
      case 'answer':
      case 'lose answer':
    }
  }

  private workerOf(name: string | undefined): ActivityWorker | undefined {
    const alive = this.workers.filter(({ owner }) => owner.alive);
    return alive.find(({ owner }) => owner.name === name) ?? alive[0];
  }

  private kill(name: string | undefined, backAfterMs: number): void {
    this.workerOf(name)?.kill();
    this.workers = this.workers.filter(({ owner }) => owner.alive);
    this.time.after(backAfterMs, 'a worker comes up', () => this.addWorker(), this.time.main);
  }

  /** After the event under way: an operator is no part of it. */
  private onFirst(act: (run: Execution) => void): void {
    const later = () => {
      const run = this.server.find(requestWorkflowId('default', 'first'));
      if (run !== undefined) act(run);
    };
    this.time.after(0, '', later, this.time.main);
  }

  private terminate(run: Execution, againAfterMs: number | undefined): void {
    if (run.status !== 'RUNNING') return;
    this.server.terminate(run);
    if (againAfterMs !== undefined) this.ask('first', againAfterMs, run);
  }

  private resetFirst(back: number): void {
    this.onFirst((run) => {
      if (run.tasks.length > 0) this.server.reset(run, Math.max(0, run.tasks.length - 1 - back));
    });
  }

  private giveOddStatus(forMs: number): void {
    const heal = oddStatus(this.hosts.world);
    if (heal !== undefined) this.time.after(forMs, 'the status is known again', heal, this.time.main);
  }

  private withoutCapacity(forMs: number): void {
    const { settings } = this.hosts.world;
    // One shortage may begin in another: what was there before the first is there again after the last.
    if (this.shortages === 0)
      this.capacity = { maxClones: settings.maxClones, maxReverts: settings.maxReverts };
    this.shortages += 1;
    Object.assign(settings, { maxClones: 0, maxReverts: 0 });
    const heal = () => {
      this.shortages -= 1;
      if (this.shortages === 0) Object.assign(settings, this.capacity);
    };
    this.time.after(forMs, 'there is capacity again', heal, this.time.main);
  }
}
