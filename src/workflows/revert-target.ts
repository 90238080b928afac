import type { PreparedRevert, RevertTarget } from '../contract/activities';

/** The machine that a revert changes, and that its effect is looked for on. */
export const revertTarget = ({ connection, clusterId, vmId }: PreparedRevert): RevertTarget => ({
  connection,
  clusterId,
  vmId,
});
