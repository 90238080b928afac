import type { CloneTarget, PreparedLinkedClone } from '../contract/activities';

/** Where a clone's effect is looked for, and where its undo deletes. */
export const cloneTarget = ({
  connection,
  clusterId,
  vmId,
  name,
  folderId,
}: PreparedLinkedClone): CloneTarget => ({
  connection,
  clusterId,
  vmId,
  name,
  folderId,
});
