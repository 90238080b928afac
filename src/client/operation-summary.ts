import { inlineCode } from '../contract/inline-code';
import { DEFAULT_CONNECTION, type Operation } from '../contract/names';
import { operationCommand } from '../contract/operation-command';
import type { LinkedCloneRequest, RevertRequest } from '../contract/request';

/** Temporal's limit for a summary, counted on the encoded payload. */
const SUMMARY_BYTES = 200;

/** One line for the Temporal UI: `clone web-01 @ nightly-0412 -> ci-42`. */
export const operationSummary = (
  operation: Operation,
  request: LinkedCloneRequest | RevertRequest,
): string => {
  const target = 'name' in request ? ` -> ${request.name}` : '';
  return cut(`${operation} ${request.vm} @ ${request.snapshot}${target}`);
};

/** The request and the command that shows it, as Markdown for the Temporal UI, whose pane takes five lines. */
export const operationDetails = (requestId: string, request: LinkedCloneRequest | RevertRequest): string => {
  const { connection, ...asked } = request;
  const fields = { requestId, connection: connection ?? DEFAULT_CONNECTION, ...asked };
  const listed = Object.entries(fields).map(([field, value]) => `**${field}** ${inlineCode(String(value))}`);
  const target = { requestId, ...(connection === undefined ? {} : { connection }) };
  return `${listed.join(' · ')}\n\nIn a shell: ${inlineCode(operationCommand('status', target))}`;
};

const cut = (text: string): string => {
  const fits = (candidate: string): boolean => Buffer.byteLength(JSON.stringify(candidate)) <= SUMMARY_BYTES;
  if (fits(text)) return text;
  const characters = Array.from(text);
  while (!fits(`${characters.join('')}…`)) characters.pop();
  return `${characters.join('')}…`;
};
