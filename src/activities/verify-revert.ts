import type { VerifiedRevert, VerifyRevertInput } from '../contract/activities';
import type { Warning } from '../contract/result';
import { ownRunId, reading } from './in-activity';
import type { Site } from './site';
import { systemSnapshotsOf } from './system-snapshots';

/** Reads what the revert left: the undo snapshot that the service took first, and the power state. */
export const verifyRevert = (site: Site, input: VerifyRevertInput): Promise<VerifiedRevert> =>
  reading('after-effect', async (options) => {
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
  });
