import type { OperationOverview, OperationStatus } from '../client';
import type { Operation } from '../contract/operations';
import { decisionChoices, type Question } from '../contract/resolve';
import { jsonText, singleLine, operationCommand } from '../contract/text';
import { exitCodeOfStatus, explainFailure } from './errors';
import { omitUndefined } from '../contract/omit-undefined';
import { bareIds, dataText, fields, formatSpan, jsonLine } from './output';
import type { ActionContext } from './run-action';

/** An operation as `--json` writes it: how it stands and what belongs to it, as one object. */
interface OperationStatusJson
  extends OperationStatus, Omit<OperationOverview, 'status' | 'startedAt' | 'closedAt'> {
  /** ISO 8601, by the Temporal server's clock. */
  readonly startedAt: string;
  /** ISO 8601, by the Temporal server's clock. Absent while it runs. */
  readonly closedAt?: string;
}

const dataOf = ({ status, startedAt, closedAt, ...beside }: OperationOverview): OperationStatusJson => ({
  ...status,
  ...beside,
  startedAt: startedAt.toISOString(),
  ...omitUndefined({ closedAt: closedAt?.toISOString() }),
});

/**
 * Writes how an operation stands and gives the exit code that says the same.
 * @param alone whether nothing was written on stdout before: with `jsonl` the version line is then due
 */
export function writeOverview(context: ActionContext, overview: OperationOverview, alone: boolean): number {
  const { terminal, format, quiet } = context;
  const { status } = overview;
  const data = dataOf(overview);
  const asTable = (): string => (quiet ? bareId(overview) : renderOverview(overview, new Date()));
  const text =
    format === 'jsonl' && !alone
      ? jsonLine({ type: 'result', ...data })
      : dataText(format, 'result', data, asTable);
  terminal.out(text);
  if (status.failure !== undefined) terminal.err(`${explainFailure(status.failure)}\n`);
  if (!quiet) terminal.err(renderChoices(overview));
  return exitCodeOfStatus(status);
}

/** What a script asks for: the id of what was made, else nothing. */
const bareId = ({ status: { result } }: OperationOverview): string =>
  result !== undefined && 'vmId' in result ? bareIds([anyText(result.vmId)]) : '';

/** The exact commands that answer what an operation asks, one line each; nothing while it asks nothing. */
export function renderChoices({ status, request, question }: OperationOverview): string {
  if (question === undefined) return '';
  const { connection } = request;
  const target = { requestId: status.id, ...(typeof connection === 'string' ? { connection } : {}) };
  const choices = decisionChoices(status.operation, question).map(({ option, meaning }) => ({
    command: singleLine(operationCommand('resolve', target, option)),
    meaning,
  }));
  const widest = Math.max(...choices.map(({ command }) => command.length));
  const lines = choices.map(({ command, meaning }) => `  ${command.padEnd(widest)}  ${meaning}\n`);
  return `${whatFirst(question)}, then run one of:\n${lines.join('')}`;
}

function whatFirst({ about, candidates }: Question): string {
  if (about !== undefined) return 'Correct what the reason names';
  return candidates.length === 0 ? 'Look for its effect in vSphere' : 'Check the candidates in vSphere';
}

/** How an operation stands, for a person. */
export function renderOverview(overview: OperationOverview, now: Date): string {
  const { status, startedAt, closedAt, question: asked } = overview;
  return fields([
    ['id', status.id],
    ['operation', operationText(overview)],
    ['state', stateText(status)],
    ['why', status.why ?? asked?.why],
    ...(asked?.candidates ?? []).map((candidate) => ['candidate', candidate] as const),
    ['left', overview.left],
    ['phase', phaseText(status)],
    ['task', taskText(overview)],
    ...resultFields(status),
    ...warningFields(status.warnings),
    ['asked by', overview.requester],
    ['started', `${startedAt.toISOString()}, ${formatSpan(now.getTime() - startedAt.getTime())} ago`],
    ['took', closedAt === undefined ? undefined : formatSpan(closedAt.getTime() - startedAt.getTime())],
    ['workflow', status.workflowId],
    ['run', status.runId],
  ]);
}

function operationText({ status, request }: OperationOverview): string {
  const { vm, snapshot } = request;
  const name = status.name ?? request['name'];
  const target = typeof name === 'string' ? ` -> ${name}` : '';
  return typeof vm === 'string'
    ? `${status.operation} ${vm} @ ${anyText(snapshot ?? '')}${target}`
    : status.operation;
}

const stateText = ({ state, condition }: OperationStatus): string =>
  condition === undefined ? state : `${state} (${condition})`;

const phaseText = ({ phase, percent }: OperationStatus): string | undefined =>
  phase === undefined || percent === undefined ? phase : `${phase}, ${percent} %`;

function taskText({ status: { taskId }, taskStatus, message }: OperationOverview): string | undefined {
  const words = [taskStatus, message].filter((word) => word !== undefined && word !== '').join(': ');
  return taskId === undefined || words === '' ? taskId : `${taskId}, ${words}`;
}

type Field = readonly [string, string | undefined];

const resultFields = ({ operation, result }: OperationStatus): readonly Field[] =>
  result === undefined ? [] : RESULT_FIELDS[operation]({ ...result });

const RESULT_FIELDS: Readonly<
  Record<Operation, (result: Readonly<Record<string, unknown>>) => readonly Field[]>
> = {
  clone: ({ vmId, name, source, snapshot, folder, cluster, powerState }) => [
    ['vm', knownText(vmId)],
    ['name', knownText(name)],
    ['source', usedText(source)],
    ['snapshot', usedText(snapshot)],
    ['folder', usedText(folder)],
    ['cluster', usedText(cluster)],
    ['power', knownText(powerState)],
  ],
  revert: ({ vm, snapshot, cluster, powerState, undoSnapshotId }) => [
    ['vm', usedText(vm)],
    ['snapshot', usedText(snapshot)],
    ['cluster', usedText(cluster)],
    ['power', knownText(powerState)],
    ['undo', knownText(undoSnapshotId)],
  ],
};

/** `nightly-0412 (snap-7), taken 2026-04-12T02:00:00Z`. */
function usedText(used: unknown): string | undefined {
  const { id, name, createdAt } = (used ?? {}) as Readonly<Record<string, unknown>>;
  if (id === undefined) return undefined;
  const called = name === undefined ? anyText(id) : `${anyText(name)} (${anyText(id)})`;
  return createdAt === undefined ? called : `${called}, taken ${anyText(createdAt)}`;
}

/** Results and warnings of a run that is not ours may be anything. */
const knownText = (value: unknown): string | undefined => (value === undefined ? undefined : anyText(value));

const warningFields = (warnings: unknown): (readonly [string, string])[] =>
  Array.isArray(warnings) ? warnings.map((warning: unknown) => ['warning', warningText(warning)]) : [];

function warningText(warning: unknown): string {
  const { type, message } = (warning ?? {}) as Readonly<Record<string, unknown>>;
  return typeof type === 'string' && typeof message === 'string' ? `${type}: ${message}` : anyText(warning);
}

/** A value that should be a text, as text: what another program stored may be anything that JSON can say. */
const anyText = (value: unknown): string => (typeof value === 'string' ? value : jsonText(value));
