import type { CallOptions, Reached, VsphereHost } from '../../vsphere';
import type { Site } from '../site';
import { attempt, type Attempted, type Bound } from './attempt';
import { clockCheck } from './clock-check';

/** Whether a host answers anybody, with its release and its clock. */
export const reachability = (
  { name, vsphere }: Site,
  host: VsphereHost,
  options: CallOptions,
  bound: Bound,
): Promise<Attempted<Reached>> => {
  const about = { check: 'reachability', subject: `${name} ${host}` } as const;
  return attempt(about.check, about.subject, bound, async () => {
    const found = await vsphere.reach(host, options);
    const release =
      found.version === undefined ? 'release not told without a login' : `release ${found.version}`;
    const answers = { ...about, state: 'ok' as const, message: `answers, ${release}` };
    return { found, checks: [answers, clockCheck(about.subject, host, found)] };
  });
};
