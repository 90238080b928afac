import { DEFAULT_CONNECTION, type Operation } from '../contract/names';
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

/** The request as a Markdown list for the Temporal UI. */
export const operationDetails = (requestId: string, request: LinkedCloneRequest | RevertRequest): string => {
  const fields = { requestId, connection: DEFAULT_CONNECTION, ...request };
  return Object.entries(fields)
    .map(([field, value]) => `- **${field}**: \`${String(value).replaceAll('`', "'")}\``)
    .join('\n');
};

const cut = (text: string): string => {
  const fits = (candidate: string): boolean => Buffer.byteLength(JSON.stringify(candidate)) <= SUMMARY_BYTES;
  if (fits(text)) return text;
  const characters = Array.from(text);
  while (!fits(`${characters.join('')}…`)) characters.pop();
  return `${characters.join('')}…`;
};
