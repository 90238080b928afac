import { DEFAULT_CONNECTION, type Operation } from '../contract/names';
import { OPTIONS_OUTSIDE_IDENTITY, type LinkedCloneRequest, type RevertRequest } from '../contract/request';
import { canonicalJson } from './canonical-json';

/** What leaving a field out means. Saying the default and leaving it out are the same request. */
const DEFAULTS = {
  clone: { connection: DEFAULT_CONNECTION, onCancel: 'undo', powerOn: false, onFailure: 'delete' },
  revert: { connection: DEFAULT_CONNECTION, onCancel: 'undo', restorePower: false },
} as const satisfies { clone: Partial<LinkedCloneRequest>; revert: Partial<RevertRequest> };

/**
 * What a request is, as text: the canonical JSON of `{operation, request}`, defaults filled in and the options that do not
 * count left out.
 */
export const identityText = (operation: Operation, request: LinkedCloneRequest | RevertRequest): string => {
  const outside: readonly string[] = OPTIONS_OUTSIDE_IDENTITY;
  const filled = { ...DEFAULTS[operation], ...request };
  const identity = Object.fromEntries(Object.entries(filled).filter(([key]) => !outside.includes(key)));
  return canonicalJson({ operation, request: identity });
};
