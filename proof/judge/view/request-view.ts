import type { Evidence } from '../evidence/evidence';
import type { PlannedRequest } from '../evidence/plan';
import type { Effect } from '../evidence/simulator-records';
import type { Run } from '../evidence/temporal-records';
import type { EffectOwners } from './effect-owners';
import { standingOf, type Standing } from './standing-of';

/** Wire names of the two operations, as the contract publishes them. */
const OPERATIONS = ['linkedCloneVm', 'revertVm'];

/** What became of one request. */
export interface RequestView {
  readonly request: PlannedRequest;
  /** A function of connection and request id, by the contract. */
  readonly workflowId: string;
  /** In order of their start; a reset and `--again` make further ones. */
  readonly runs: readonly Run[];
  readonly last: Run | undefined;
  readonly standing: Standing | undefined;
  /** How often the server accepted it: a reset is the same acceptance, `--again` a further one. */
  readonly acceptances: number;
  /** Clones and reverts that it had, without its undos. */
  readonly effects: readonly Effect[];
  /** Deletions of its clones, and reverts to a snapshot that a revert of its own took first. */
  readonly undos: readonly Effect[];
  /** Effects that nothing undid, by the ledger alone. */
  readonly live: readonly Effect[];
  /** All that its calls, and those of a `delete` of it, did. */
  readonly all: readonly Effect[];
}

export function requestView(request: PlannedRequest, evidence: Evidence, owners: EffectOwners): RequestView {
  const { connection, requestId } = request;
  const workflowId = `snapflow:${connection}:${requestId}`;
  const runs = evidence.runs.filter((run) => run.workflowId === workflowId && OPERATIONS.includes(run.type));
  const own = owners.of(workflowId);
  const all = [...own, ...owners.of(`snapflow-delete:${connection}:${requestId}`)].toSorted(
    (one, other) => one.seq - other.seq,
  );
  const undos = all.filter((effect) => isUndo(effect, all));
  const effects = own.filter(
    (effect) => (effect.kind === 'clone' || effect.kind === 'revert') && !undos.includes(effect),
  );
  const last = runs.at(-1);
  return {
    request,
    workflowId,
    runs,
    last,
    standing: last && standingOf(last, lastSeen(last, evidence)),
    acceptances: new Set(runs.map((run) => originalRunId(run, evidence))).size,
    effects,
    undos,
    live: effects.filter((effect) => !undos.some((undo) => undoes(undo, effect, all))),
    all,
  };
}

const lastSeen = ({ runId }: Run, { progress }: Evidence) =>
  progress.findLast((sample) => sample.runId === runId);

function isUndo(effect: Effect, all: readonly Effect[]): boolean {
  if (effect.kind === 'delete') return true;
  return effect.kind === 'revert' && takenBefore(effect, all) !== undefined;
}

/** The entry of the snapshot that an undo goes back to. */
const takenBefore = (undo: Effect, all: readonly Effect[]): Effect | undefined =>
  all.find(
    (taken) => taken.kind === 'snapshot' && taken.snapshot === undo.snapshot && taken.task !== undo.task,
  );

function undoes(undo: Effect, effect: Effect, all: readonly Effect[]): boolean {
  if (undo.kind === 'delete') return effect.kind === 'clone' && effect.resultVm === undo.vm;
  return effect.kind === 'revert' && takenBefore(undo, all)?.task === effect.task;
}

/** The first run of an acceptance: resets keep it in the event that they copy. */
function originalRunId(run: Run, { histories }: Evidence): string {
  const [started] = histories.get(run.runId)?.events ?? [];
  const attributes = started?.['workflowExecutionStartedEventAttributes'];
  const original = (attributes as { originalExecutionRunId?: unknown } | undefined)?.originalExecutionRunId;
  return typeof original === 'string' && original !== '' ? original : run.runId;
}
