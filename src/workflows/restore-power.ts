import { ActivityFailure } from '@temporalio/common';
import type { PreparedRevert } from '../contract/activities';
import type { PowerState, Warning } from '../contract/result';
import { patiently } from './activity-calls';
import type { Status } from './status';
import { markdown } from './markdown';

/** Brings the power state back after a successful revert. What cannot be restored is a warning: the revert has happened. */
export async function restorePower(
  { connection, vmId, vmName }: PreparedRevert,
  before: PowerState | undefined,
  now: PowerState,
  status: Status,
): Promise<{ readonly powerState: PowerState; readonly warnings: readonly Warning[] }> {
  if (before === undefined || before === 'POWERED_OFF' || now === before)
    return { powerState: now, warnings: [] };
  if (before === 'SUSPENDED')
    return { powerState: now, warnings: [notRestored(vmName, vmId, 'it was suspended before')] };
  status.set('finish', markdown`powering ${vmName} on again`);
  try {
    const set = await patiently(`power ${vmName} on again`, status, (a) =>
      a.setPower({ connection, vmId, power: 'on' }),
    );
    return { powerState: set.powerState, warnings: [] };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { powerState: now, warnings: [notRestored(vmName, vmId, error.cause?.message ?? error.message)] };
  }
}

const notRestored = (vmName: string, vmId: string, why: string): Warning => ({
  type: 'PowerNotRestored',
  message: `${vmName} (${vmId}) was reverted, and its power state was not restored: ${why}`,
});
