import { each, type Check } from '../check';
import { describeEffect } from '../view/describe-effect';
import { operatorAnswered } from '../view/operator-answered';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';
import type { Effect, State } from '../evidence/simulator-records';
import type { PlannedRequest } from '../evidence/plan';
import type { Run } from '../evidence/temporal-records';

interface Success {
  readonly view: RequestView;
  readonly run: Run;
}

/** A success has its effect, names it by its ids, and it is what was asked for. A success without an effect is empty. */
export const success: Check = {
  id: 'J2',
  demands: 'a success has exactly the effect that its result names',
  judge: (round) => each('successes', successes(round), (one) => violationsOf(one, round)),
};

const successes = ({ accepted }: RoundView): readonly Success[] =>
  accepted.flatMap((view) =>
    view.runs.filter(({ status }) => status === 'COMPLETED').map((run) => ({ view, run })),
  );

interface Result {
  readonly vmId?: string;
  readonly taskId?: string;
  readonly undoSnapshotId?: string;
}

function violationsOf({ view, run }: Success, round: RoundView): readonly (string | undefined)[] {
  const result = (run.result ?? {}) as Result;
  const about = `run ${run.runId} of ${view.request.requestId} succeeded`;
  const mayBeForeign = operatorAnswered(round.evidence.histories.get(run.runId));
  const effects = mayBeForeign ? round.evidence.ledger : view.effects;
  const named = effects.find((effect) => isNamed(effect, view, result));
  if (named === undefined) {
    const had = view.effects.map(describeEffect).join(', ');
    return [
      `${about} with ${JSON.stringify(result)}, and the ledger has ${had === '' ? 'no effect of it' : had}`,
    ];
  }
  return [
    ...wrongIds(named, view, result, round).map((why) => `${about}, but ${why}`),
    notKept(named, view, round),
  ];
}

function isNamed(effect: Effect, { request }: RequestView, { vmId, taskId }: Result): boolean {
  if (effect.kind !== request.operation) return false;
  if (request.operation === 'clone' && effect.resultVm !== vmId) return false;
  return taskId === undefined || effect.task === taskId;
}

function wrongIds(
  effect: Effect,
  view: RequestView,
  { undoSnapshotId }: Result,
  { evidence }: RoundView,
): readonly string[] {
  const { request } = view;
  const snapshots = [...evidence.before.inventory.snapshots, ...evidence.after.inventory.snapshots];
  const used = snapshots.find(({ id }) => id === effect.snapshot);
  const asked = [used?.id, used?.name, 'latest'].includes(request.snapshot);
  const taken = evidence.ledger.find(({ kind, task }) => kind === 'snapshot' && task === effect.task);
  return [
    effect.vm === request.vm ? '' : `${describeEffect(effect)} is not of ${request.vm}`,
    isNamedAsAsked(effect, request)
      ? ''
      : `${describeEffect(effect)} is named ${effect.name}, not ${request.name}${request.uniqueName === true ? ' and a suffix' : ''}`,
    request.uniqueName === true && twinOf(effect, view, evidence) !== undefined
      ? `${describeEffect(effect)} shares the name ${effect.name} with what another request made`
      : '',
    asked ? '' : `${describeEffect(effect)} used ${used?.name}, not ${request.snapshot}`,
    request.snapshot === 'latest' && used?.type === 'SYSTEM_CREATED'
      ? `${describeEffect(effect)} used a SYSTEM_CREATED snapshot as the latest one`
      : '',
    undoSnapshotId === undefined || taken?.snapshot === undoSnapshotId
      ? ''
      : `its undo snapshot ${undoSnapshotId} is not ${taken?.snapshot}, which its task took`,
  ].filter((why) => why !== '');
}

/** As the contract publishes it: a dash and eight characters of Crockford's base 32. */
const SUFFIX = /^-[0-9a-hjkmnp-tv-z]{8}$/;

function isNamedAsAsked({ name = '' }: Effect, request: PlannedRequest): boolean {
  if (request.uniqueName !== true) return name === (request.name ?? '');
  const asked = request.name ?? '';
  return name.startsWith(asked) && SUFFIX.test(name.slice(asked.length));
}

/** A machine of the same name that is not of this request. */
const twinOf = ({ name }: Effect, { effects }: RequestView, { ledger }: RoundView['evidence']) =>
  ledger.find((each) => each.kind === 'clone' && each.name === name && !effects.includes(each));

/** What a success made is there still, unless a `delete` or the planted world took it away. */
function notKept(effect: Effect, view: RequestView, { evidence }: RoundView): string | undefined {
  const { undos, request, workflowId } = view;
  const undo = undos.find(
    (each) => !view.live.includes(effect) && each.requestId?.startsWith(`${workflowId}/`) === true,
  );
  if (undo !== undefined) return `${request.requestId} succeeded, and ${describeEffect(undo)} undid it`;
  if (request.operation === 'revert' || !view.live.includes(effect)) return undefined;
  const isThere = hasVm(evidence.after, effect.resultVm);
  const isPlanted = evidence.fired.some(
    ({ fault, where }) =>
      /delet|gone|remov/i.test(fault) && (/clone/i.test(fault) || where.includes(effect.resultVm ?? '-')),
  );
  return isThere || isPlanted
    ? undefined
    : `${effect.resultVm}, the result of ${request.requestId}, is not there at the end, and no fault deleted it`;
}

const hasVm = ({ inventory }: State, vm: string | undefined): boolean =>
  inventory.vms.some(({ id }) => id === vm);
