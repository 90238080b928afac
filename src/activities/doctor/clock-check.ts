import type { Check } from '../../contract/check';
import { describeSkew, type Reached, type VsphereHost } from '../../vsphere';

/** The Date header is exact to a second and a reply takes part of another one; more is a clock that nobody sets. */
const CLOCKS_AGREE_MS = 5_000;

/** The host's clock against the worker's. A login that fails for it says so by itself. */
export function clockCheck(subject: string, host: VsphereHost, { clockOffsetMs }: Reached): Check {
  const about = { check: 'clock', subject } as const;
  if (clockOffsetMs === undefined)
    return {
      ...about,
      state: 'warning',
      message: 'not measured: its answer has no Date header',
      remedy: 'compare its clock with that of the worker by hand',
    };
  if (Math.abs(clockOffsetMs) <= CLOCKS_AGREE_MS)
    return { ...about, state: 'ok', message: `agrees with the worker's to ${CLOCKS_AGREE_MS / 1000} s` };
  return {
    ...about,
    state: 'warning',
    message: describeSkew(
      host === 'vcenter' ? 'vCenter' : 'the snapshot appliance',
      clockOffsetMs,
      "the worker's",
    ),
    remedy: 'set the clocks of the worker, vCenter and the snapshot appliance by one time source',
  };
}
