import type { SetPowerInput } from '../contract/activities';
import type { PowerState } from '../contract/result';
import { VsphereError, type VsphereErrorKind } from '../vsphere';
import { reading } from './in-activity';
import type { Site } from './site';
import { failWith } from './to-failure';

/** What no repetition mends: the server understood and said no. */
const REFUSALS: readonly VsphereErrorKind[] = ['invalid-argument', 'not-allowed', 'forbidden', 'not-found'];

/** Powers a machine on. Harmless when repeated, and so retried as a read is: already on is fine. */
export const setPower = (site: Site, { vmId }: SetPowerInput): Promise<{ powerState: PowerState }> =>
  reading('after-effect', async (options) => {
    try {
      await site.vsphere.vcenter.setPower(vmId, 'start', options);
      return { powerState: await site.vsphere.vcenter.getPower(vmId, options) };
    } catch (error) {
      if (!(error instanceof VsphereError) || !REFUSALS.includes(error.kind)) throw error;
      return failWith('PowerOnFailed', `${vmId} could not be powered on: ${error.message}`, { vmId });
    }
  });
