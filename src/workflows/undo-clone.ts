import type { PreparedLinkedClone } from '../contract/activities';
import { patiently } from './activity-calls';
import { cloneTarget } from './clone-target';
import { toApplicationFailure } from './fail';
import type { Status } from './status';
import { markdown } from './markdown';

/** Deletes the clone by id, once its task has ended (E6, E7). What cannot be deleted is kept and named. */
export async function undoClone(
  prepared: PreparedLinkedClone,
  cloneId: string,
  status: Status,
): Promise<void> {
  status.set('compensate', markdown`deleting clone \`${cloneId}\``, 'compensating');
  const deleted = await patiently(`delete the clone ${cloneId}`, status, (a) =>
    a.deleteClone({ ...cloneTarget(prepared), cloneId }),
  );
  if (deleted.kind !== 'kept') return;
  throw toApplicationFailure({
    type: 'CompensationIncomplete',
    message: `The clone ${prepared.name} (${cloneId}) was not deleted: ${deleted.why}.`,
    details: { vmId: cloneId, name: prepared.name },
  });
}
