import type { OperationOverview } from '../../client';
import { decisionChoices } from '../../contract/resolve';
import { operationCommand, oneLine } from '../../contract/text';

/** The exact commands that answer what an operation asks, one line each; nothing while it asks nothing. */
export const decisions = ({ status, request, question }: OperationOverview): string => {
  if (question === undefined) return '';
  const { connection } = request;
  const target = { requestId: status.id, ...(typeof connection === 'string' ? { connection } : {}) };
  const choices = decisionChoices(status.operation, question).map(({ option, meaning }) => ({
    command: oneLine(operationCommand('resolve', target, option)),
    meaning,
  }));
  const widest = Math.max(...choices.map(({ command }) => command.length));
  const lines = choices.map(({ command, meaning }) => `  ${command.padEnd(widest)}  ${meaning}\n`);
  return `Look at the candidates in vSphere, then decide with one of:\n${lines.join('')}`;
};
