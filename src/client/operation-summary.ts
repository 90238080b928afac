import { inlineCode } from '../contract/inline-code';
import { DEFAULT_CONNECTION, type Operation } from '../contract/names';
import { operationCommand } from '../contract/operation-command';
import type { LinkedCloneRequest, RevertRequest } from '../contract/request';
import { summaryText } from '../contract/summary-text';

/** One line for the Temporal UI: `clone web-01 @ nightly-0412 -> ci-42`. */
export const operationSummary = (
  operation: Operation,
  request: LinkedCloneRequest | RevertRequest,
): string => {
  const target = 'name' in request ? ` -> ${request.name}` : '';
  return summaryText(`${operation} ${request.vm} @ ${request.snapshot}${target}`);
};

/** The request and the command that shows it, as Markdown for the Temporal UI, whose pane takes five lines. */
export const operationDetails = (requestId: string, request: LinkedCloneRequest | RevertRequest): string => {
  const { connection, ...asked } = request;
  const fields = { requestId, connection: connection ?? DEFAULT_CONNECTION, ...asked };
  const listed = Object.entries(fields).map(([field, value]) => `**${field}** ${inlineCode(String(value))}`);
  const target = { requestId, ...(connection === undefined ? {} : { connection }) };
  return `${listed.join(' · ')}\n\nIn a shell: ${inlineCode(operationCommand('status', target))}`;
};
