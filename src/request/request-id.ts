import { parse } from './parse';
import { text } from './text';

/** With connection and prefix it stays far below Temporal's 1000 bytes for a workflow id. */
export const MAX_REQUEST_ID_CHARACTERS = 200;

const error = `a request id of 1 to ${MAX_REQUEST_ID_CHARACTERS} characters without blanks at either end`;

/** Schema of a request id. Blanks at the ends are refused, not cut: `a` and `a ` would else be one request. */
export const requestId = text(MAX_REQUEST_ID_CHARACTERS, 'a request id').regex(/^\S(?:.*\S)?$/su, { error });

/**
 * Parses a request id.
 * @throws RequestInvalid
 */
export const parseRequestId = (value: unknown): string => parse(requestId, value, 'requestId');
