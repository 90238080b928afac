import type { PreparedLinkedClone } from '../contract/activities';
import { inlineCode } from '../contract/inline-code';
import { patiently } from './activity-calls';
import { cloneTarget } from './clone-target';
import { toApplicationFailure } from './fail';
import type { Status } from './status';

/** Deletes the clone by id, once its task has ended (E6, E7). What cannot be deleted is kept and named. */
export async function undoClone(
  prepared: PreparedLinkedClone,
  cloneId: string,
  status: Status,
): Promise<void> {
  const shown = {
    what: `undoing: deleting the clone ${inlineCode(prepared.name)} (${inlineCode(cloneId)}), by its id`,
    next: 'a machine that is on, renamed or moved is kept and named in the failure',
    stuck: 'the last error is under Pending Activities. It cannot be interrupted',
  };
  status.set('compensate', shown, 'compensating');
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
