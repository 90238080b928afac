import type { OperationOverview, OperationResult, OperationStatus } from '../../client';
import { formatSpan } from './format-span';
import { anyText } from './any-text';
import { fields } from './table';

/** How an operation stands, for a person. */
export const renderOverview = (overview: OperationOverview, now: Date): string => {
  const { status, startedAt, closedAt, question: asked } = overview;
  return fields([
    ['id', status.id],
    ['operation', operationText(overview)],
    ['state', stateText(status)],
    ['why', asked?.why],
    ...(asked?.candidates ?? []).map((candidate) => ['candidate', candidate] as const),
    ['left', overview.left],
    ['phase', phaseText(status)],
    ['task', taskText(overview)],
    ...resultFields(status.result),
    ...warningFields(status.warnings),
    ['started', `${startedAt.toISOString()}, ${formatSpan(now.getTime() - startedAt.getTime())} ago`],
    ['took', closedAt === undefined ? undefined : formatSpan(closedAt.getTime() - startedAt.getTime())],
    ['workflow', status.workflowId],
    ['run', status.runId],
  ]);
};

const operationText = ({ status, request }: OperationOverview): string => {
  const { vm, snapshot, name } = request;
  const target = typeof name === 'string' ? ` -> ${name}` : '';
  return typeof vm === 'string'
    ? `${status.operation} ${vm} @ ${anyText(snapshot ?? '')}${target}`
    : status.operation;
};

const stateText = ({ state, condition }: OperationStatus): string =>
  condition === undefined ? state : `${state} (${condition})`;

const phaseText = ({ phase, percent }: OperationStatus): string | undefined =>
  phase === undefined || percent === undefined ? phase : `${phase}, ${percent} %`;

const taskText = ({ status: { taskId }, taskStatus, message }: OperationOverview): string | undefined => {
  const words = [taskStatus, message].filter((word) => word !== undefined && word !== '').join(': ');
  return taskId === undefined || words === '' ? taskId : `${taskId}, ${words}`;
};

const resultFields = (result: OperationResult | undefined): (readonly [string, string | undefined])[] => {
  if (result === undefined) return [];
  if ('vmId' in result)
    return [
      ['vm', anyText(result.vmId)],
      ['name', knownText(result.name)],
    ];
  return [
    ['power', knownText(result.powerState)],
    ['undo', knownText(result.undoSnapshotId)],
  ];
};

/** Results and warnings of a run that is not ours may be anything. */
const knownText = (value: unknown): string | undefined => (value === undefined ? undefined : anyText(value));

const warningFields = (warnings: unknown): (readonly [string, string])[] =>
  Array.isArray(warnings) ? warnings.map((warning: unknown) => ['warning', warningText(warning)]) : [];

const warningText = (warning: unknown): string => {
  const { type, message } = (warning ?? {}) as Readonly<Record<string, unknown>>;
  return typeof type === 'string' && typeof message === 'string' ? `${type}: ${message}` : anyText(warning);
};
