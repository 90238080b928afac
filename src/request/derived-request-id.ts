import type { Operation } from '../contract/names';
import type { LinkedCloneRequest, RevertRequest } from '../contract/request';
import { requestDigest } from './request-digest';

/** A prefix is there to be recognised, not to be complete. */
const PREFIX_CHARACTERS = 80;
/** 40 bits tell the requests of one name apart; a collision is refused as a conflict, since the whole digest is compared. */
const DIGEST_CHARACTERS = 10;

/**
 * The request id of a request that came without one: `<clone name or vm>-<10 hex digits of the digest>`, in characters
 * that need no quoting in a shell.
 */
export const derivedRequestId = (
  operation: Operation,
  request: LinkedCloneRequest | RevertRequest,
): string => {
  const prefix = 'name' in request ? request.name : request.vm;
  return `${plain(prefix)}-${requestDigest(operation, request).slice(0, DIGEST_CHARACTERS)}`;
};

const plain = (prefix: string): string =>
  Array.from(prefix.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'))
    .slice(0, PREFIX_CHARACTERS)
    .join('')
    .replace(/^-+/, '') || 'request';
