import type { OperationHandle } from '../../src/client';
import { eventually } from '../environment/eventually';

/** Under the limit of a test, so that it is said what did not happen. */
const ASKS_WITHIN_MS = 50_000;

/** Until an operation needs a decision. A caller's wait would look ten seconds later, then once a minute. */
export const untilAsks = (handle: Pick<OperationHandle, 'id' | 'describe'>): Promise<unknown> =>
  eventually(
    `${handle.id} asks an operator`,
    async () => (await handle.describe()).state === 'needs-decision',
    ASKS_WITHIN_MS,
  );
