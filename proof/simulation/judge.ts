import { MEMO } from '../../src/contract/operations';
import type { LedgerEntry } from '../../packages/simulator/src/world/ledger';
import type { Schedule } from './schedule';
import type { Execution } from './temporal/execution';

export const SOMETIMES = [
  'adopted',
  'waited for visibility',
  'posted again',
  'undone',
  'queued',
  'needs a decision',
  'recalled',
] as const;

export type Sometimes = Readonly<Record<(typeof SOMETIMES)[number], boolean>>;

export interface Verdict {
  readonly violations: readonly string[];
  readonly sometimes: Sometimes;
}

/** Looks at what is left when all is quiet: the ledger and inventory of the simulator, and how each request ended. */
export function judge(schedule: Schedule, isSettled: boolean): Verdict {
  const { requests } = schedule;
  const ids = [...new Set(requests.map(({ workflowId }) => workflowId))];
  const violations = [
    ...(isSettled ? [] : ['a request did not settle']),
    ...ids.flatMap((id) =>
      new RequestJudge(
        schedule,
        id,
        requests.filter(({ workflowId }) => workflowId === id),
      ).violations(),
    ),
    ...overlaps(schedule),
    ...wrongDeletes(schedule),
  ];
  return { violations, sometimes: sometimesOf(schedule) };
}

const ledgerOf = ({ hosts }: Schedule): readonly LedgerEntry[] => hosts.world.ledger.all();
const isOf = (workflowId: string) => (entry: LedgerEntry) =>
  entry.requestId?.startsWith(`${workflowId}/`) === true;

class RequestJudge {
  private readonly effects: readonly LedgerEntry[];
  private readonly undos: readonly LedgerEntry[];
  private readonly last: Execution | undefined;

  constructor(
    private readonly schedule: Schedule,
    private readonly workflowId: string,
    private readonly runs: readonly Execution[],
  ) {
    const { operation } = schedule.plan;
    const own = ledgerOf(schedule)
      .filter(isOf(workflowId))
      .filter(({ kind }) => kind === operation);
    const isUndo = ({ snapshot }: LedgerEntry) =>
      operation === 'revert' &&
      schedule.hosts.world.inventory.snapshots.get(snapshot ?? '')?.type === 'SYSTEM_CREATED';
    this.effects = own.filter((entry) => !isUndo(entry));
    this.undos = own.filter(isUndo);
    this.last = runs.at(-1);
  }

  violations(): readonly string[] {
    const { effects, undos, last } = this;
    if (last === undefined) return [];
    const found: string[] = [];
    if (effects.length > 1) found.push(`${effects.length} effects`);
    if (undos.length > 1) found.push(`${undos.length} undos`);
    if (last.status === 'COMPLETED') found.push(...this.ofSuccess(last));
    if (last.status === 'FAILED' || last.status === 'CANCELED') found.push(...this.ofNone(last));
    if (last.memo[MEMO.state] === 'needs-decision' && last.status === 'RUNNING')
      found.push(...this.ofQuestion());
    return found.map((what) => `${this.workflowId}: ${what}`);
  }

  private ofSuccess({ result }: Execution): readonly string[] {
    const { vmId, taskId } = result as { vmId?: string; taskId?: string };
    const [effect] = this.effects;
    if (effect === undefined) return ['succeeded without an effect'];
    // A machine of an own name may be the effect without its task.
    const isTask = taskId === effect.task || (this.schedule.plan.ownName === true && taskId === undefined);
    if (!isTask) return [`succeeded with task ${taskId}, its effect is of ${effect.task}`];
    if (effect.resultVm !== vmId) return [`succeeded with ${vmId}, it made ${effect.resultVm}`];
    return this.undos.length > 0 ? ['succeeded and was undone'] : [];
  }

  /** Failed or cancelled: nothing is left, or what is left is named. */
  private ofNone({ status, failure, memo }: Execution): readonly string[] {
    const [effect] = this.effects;
    if (effect === undefined || !this.isLeft(effect)) return [];
    const told = `${failure?.type ?? ''} ${failure?.message ?? ''} ${JSON.stringify(failure?.details ?? '')} ${JSON.stringify(memo[MEMO.left] ?? '')}`;
    const isNamed =
      failure?.type === 'CompensationIncomplete' ||
      failure?.type === 'OutcomeUnknown' ||
      (told.includes(effect.resultVm ?? '-') && !told.includes('was deleted')) ||
      told.includes(`An earlier run of this request started task ${effect.task}`) ||
      told.includes('An earlier run of this request may have had its effect');
    return isNamed
      ? []
      : [`${status} (${told.trim()}), and its effect is left: ${effect.resultVm ?? effect.task}`];
  }

  private isLeft({ resultVm }: LedgerEntry): boolean {
    if (resultVm === undefined) return this.undos.length === 0;
    const vm = this.schedule.hosts.world.inventory.vms.get(resultVm);
    return vm !== undefined && vm.deletedAtMs === undefined;
  }

  /** Only what cannot be told by looking is asked. */
  private ofQuestion(): readonly string[] {
    const { plan, fired } = this.schedule;
    if (fired.length === 0) return ['needs a decision although nothing went wrong'];
    if (plan.operation === 'revert') return [];
    const asks = new Set<string>(['task forgotten', 'task fails', 'somebody else', 'reset run', 'terminate']);
    const starts = this.runs.flatMap(({ history }) =>
      history.filter((entry) => entry.kind === 'scheduled' && entry.type === 'startLinkedClone'),
    );
    const isExcused =
      fired.some((each) => asks.has(each.do)) ||
      starts.length >= 3 ||
      (plan.secondAfterMs !== undefined && plan.ownName !== true);
    return isExcused ? [] : ['needs a decision for no reason'];
  }
}

/** Reverts of one machine that ours and nobody else's made. */
function overlaps({ hosts, plan }: Schedule): readonly string[] {
  if (plan.operation === 'clone') return [];
  const ours = hosts.world.tasks
    .all()
    .filter(({ kind, cause }) => kind === 'revert' && cause.requestId !== undefined)
    .toSorted((left, right) => left.acceptedMs - right.acceptedMs);
  return ours.flatMap((task, index) => {
    const before = ours[index - 1];
    if (before === undefined || (before.endedMs ?? Infinity) <= task.acceptedMs) return [];
    return [`the reverts ${before.id} and ${task.id} overlap`];
  });
}

/** Only what the very same request made may be deleted. */
function wrongDeletes(schedule: Schedule): readonly string[] {
  const ledger = ledgerOf(schedule);
  return ledger
    .filter(({ kind }) => kind === 'delete')
    .flatMap(({ vm, requestId = '' }) => {
      const [workflowId = ''] = requestId.split('/');
      const isOwn = ledger.some(
        (entry) => entry.kind === 'clone' && entry.resultVm === vm && isOf(workflowId)(entry),
      );
      return isOwn ? [] : [`${requestId} deleted ${vm}, which it did not make`];
    });
}

function sometimesOf({ requests }: Schedule): Sometimes {
  const entries = requests.flatMap(({ history }) => history);
  const isScheduled = (...types: readonly string[]) =>
    entries.some((entry) => entry.kind === 'scheduled' && types.includes(entry.type));
  const resultsOf = (...types: readonly string[]) =>
    requests.flatMap(({ history }) =>
      history.flatMap((entry) => {
        if (entry.kind !== 'completed') return [];
        const of = history.find((each) => each.kind === 'scheduled' && each.seq === entry.seq);
        return of?.kind === 'scheduled' && types.includes(of.type)
          ? [entry.result as { kind?: string; taskId?: string; reason?: string }]
          : [];
      }),
    );
  const outcomes = resultsOf('startLinkedClone', 'startRevert');
  const isAdopted = ({ status, result }: Execution) =>
    status === 'COMPLETED' &&
    !outcomes.some(({ taskId }) => taskId === (result as { taskId?: string }).taskId);
  const isUnknown = outcomes.some(({ kind }) => kind === 'unknown');
  return {
    adopted: requests.some(isAdopted),
    'waited for visibility': entries.some(
      (entry) =>
        entry.kind === 'scheduled' &&
        entry.type === 'lookForEffect' &&
        (entry.input as { depth?: string }).depth === 'after-unknown',
    ),
    'posted again': isUnknown && outcomes.filter(({ kind }) => kind === 'started').length > 0,
    undone:
      resultsOf('deleteClone').some(({ kind }) => kind === 'deleted') ||
      entries.some(
        (entry) =>
          entry.kind === 'scheduled' &&
          entry.type === 'startRevert' &&
          (entry.input as { purpose?: string }).purpose === 'undo',
      ),
    queued: isScheduled('awaitExclusion'),
    'needs a decision': requests.some(({ memo }) => memo[MEMO.state] === 'needs-decision'),
    recalled: isScheduled('recallEarlierRuns'),
  };
}
