import { setMaxListeners } from 'node:events';
import type { Check, CheckName } from '../../contract/check';
import type { TemporalLink } from '../temporal-link';
import { checkConnections } from './check-connections';
import { checkLocks } from './check-locks';
import { checkNamespace } from './check-namespace';
import { checkOperations } from './check-operations';
import { checkSearchAttributes } from './check-search-attributes';
import { checkWorkers } from './check-workers';
import { failedCheck } from './failed-check';

type Look = (link: TemporalLink, signal?: AbortSignal) => Promise<readonly Check[]>;

const LOOKS: readonly (readonly [CheckName, Look])[] = [
  ['temporal', checkNamespace],
  ['search-attributes', checkSearchAttributes],
  ['workers', checkWorkers],
  ['locks', checkLocks],
  ['operations', checkOperations],
  ['connections', checkConnections],
];

/** Every look, side by side. One that fails is a failed check and hides none of the others. See `Snapflow.doctor`. */
export const runDoctor = async (link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> => {
  const own = ofManyCalls(signal);
  const looked = await Promise.all(LOOKS.map(([check, look]) => lookOrFail(check, look, link, own)));
  return looked.flat();
};

/** The looks make dozens of calls at once, each with a listener: on the caller's signal Node would take that for a leak. */
const ofManyCalls = (signal: AbortSignal | undefined): AbortSignal | undefined => {
  if (signal === undefined) return undefined;
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return own;
};

const lookOrFail = async (
  check: CheckName,
  look: Look,
  link: TemporalLink,
  signal: AbortSignal | undefined,
): Promise<readonly Check[]> => {
  try {
    return await look(link, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const subject = check === 'temporal' ? link.address : link.namespace;
    return [failedCheck({ check, subject }, error)];
  }
};
