import type { OperationOverview, OperationResult, OperationStatus } from '../../client';
import { formatSpan } from './format-span';
import { fields } from './table';

/** How an operation stands, for a person. */
export const renderOverview = (overview: OperationOverview, now: Date): string => {
  const { status, startedAt, closedAt } = overview;
  return fields([
    ['id', status.id],
    ['operation', asked(overview)],
    ['state', stateText(status)],
    ['why', overview.question?.why],
    ...(overview.question?.candidates ?? []).map((candidate) => ['candidate', candidate] as const),
    ['left', overview.left],
    ['phase', phaseText(status)],
    ['task', taskText(overview)],
    ...resultFields(status.result),
    ...(status.warnings ?? []).map(({ type, message }) => ['warning', `${type}: ${message}`] as const),
    ['started', `${startedAt.toISOString()}, ${formatSpan(now.getTime() - startedAt.getTime())} ago`],
    ['took', closedAt === undefined ? undefined : formatSpan(closedAt.getTime() - startedAt.getTime())],
    ['workflow', status.workflowId],
    ['run', status.runId],
  ]);
};

const asked = ({ status, request }: OperationOverview): string => {
  const { vm, snapshot, name } = request;
  const target = typeof name === 'string' ? ` -> ${name}` : '';
  return typeof vm === 'string'
    ? `${status.operation} ${vm} @ ${String(snapshot)}${target}`
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
      ['vm', result.vmId],
      ['name', result.name],
    ];
  return [
    ['power', result.powerState],
    ['undo', result.undoSnapshotId],
  ];
};
