import { createHash } from 'node:crypto';
import type { Operation } from '../contract/names';
import type { LinkedCloneRequest, RevertRequest } from '../contract/request';
import { identityText } from './identity-text';

/**
 * The identity of a request: SHA-256 in hex over its identity text. It is stored in the memo of the run and compared on
 * every repeat.
 */
export const requestDigest = (operation: Operation, request: LinkedCloneRequest | RevertRequest): string =>
  createHash('sha256').update(identityText(operation, request)).digest('hex');
