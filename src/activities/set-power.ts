import { Context } from '@temporalio/activity';
import type { SetPowerInput } from '../contract/activities';
import type { PowerState } from '../contract/result';
import { VsphereError, type VsphereErrorKind } from '../vsphere';
import { callerId } from './in-activity';
import type { Site } from './site';
import { failWith, toFailure } from './to-failure';

/** What no repetition mends: the server understood and said no. */
const REFUSALS: readonly VsphereErrorKind[] = ['invalid-argument', 'not-allowed', 'forbidden', 'not-found'];

/** Powers a machine on. Harmless when repeated: already on is fine. */
export async function setPower(site: Site, { vmId }: SetPowerInput): Promise<{ powerState: PowerState }> {
  const { cancellationSignal, info } = Context.current();
  const options = { requestId: callerId(), signal: cancellationSignal };
  try {
    await site.vsphere.vcenter.setPower(vmId, 'start', options);
    return { powerState: await site.vsphere.vcenter.getPower(vmId, options) };
  } catch (error) {
    if (error instanceof VsphereError && REFUSALS.includes(error.kind)) {
      failWith('PowerOnFailed', `${vmId} could not be powered on: ${error.message}`, { vmId });
    }
    throw toFailure(error, 'after-effect', info.attempt);
  }
}
