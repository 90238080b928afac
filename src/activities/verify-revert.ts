import type { VerifiedRevert, VerifyRevertInput } from '../contract/activities';
import type { Warning } from '../contract/result';
import { VsphereError, type CallOptions } from '../vsphere';
import { ownRunId, reading } from './in-activity';
import type { Site } from './site';
import { systemSnapshotsOf } from './system-snapshots';

/**
 * Reads what the revert left: the undo snapshot that the service took first, and the power state. A task that SUCCEEDED has
 * succeeded (E13): a machine that somebody has deleted since is a warning.
 */
export const verifyRevert = (site: Site, input: VerifyRevertInput): Promise<VerifiedRevert> =>
  reading('after-effect', async (options) => {
    try {
      return await verified(site, input, options);
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'not-found') throw error;
      return gone(input);
    }
  });

const gone = ({ vmName, vmId }: VerifyRevertInput): VerifiedRevert => ({
  runId: ownRunId(),
  isGone: true,
  powerState: 'POWERED_OFF',
  warnings: [{ type: 'VmGone', message: `${vmName} (${vmId}) was reverted and is not there any more` }],
});

async function verified(site: Site, input: VerifyRevertInput, options: CallOptions): Promise<VerifiedRevert> {
  const powerState = await site.vsphere.vcenter.getPower(input.vmId, options);
  const taken = (await systemSnapshotsOf(site, input, options)).filter(
    (snapshotId) => !input.systemSnapshotsBefore.includes(snapshotId),
  );
  const [undoSnapshotId] = taken.length === 1 ? taken : [];
  const warnings: Warning[] = [];
  if (undoSnapshotId === undefined) {
    const message = `${taken.length} new SYSTEM_CREATED snapshots of ${input.vmName} (${input.vmId}): which one undoes this revert cannot be told`;
    warnings.push({ type: 'UndoSnapshotUnknown', message });
  }
  if (powerState !== 'POWERED_OFF') {
    warnings.push({
      type: 'PoweredOn',
      message: `${input.vmName} (${input.vmId}) is ${powerState} already`,
    });
  }
  return {
    runId: ownRunId(),
    powerState,
    ...(undoSnapshotId === undefined ? {} : { undoSnapshotId }),
    warnings,
  };
}
