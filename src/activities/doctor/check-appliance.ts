import type { Check } from '../../contract/check';
import type { CallOptions } from '../../vsphere';
import type { Site } from '../site';
import { attempt, type Bound } from './attempt';
import { reachability } from './reachability';

/** The snapshot appliance: reachable, its clock, the login. */
export async function checkAppliance(
  site: Site,
  options: CallOptions,
  bound: Bound,
): Promise<readonly Check[]> {
  const reached = await reachability(site, 'appliance', options, bound);
  if (reached.found === undefined) return reached.checks;
  const about = { check: 'login', subject: `${site.name} appliance` } as const;
  const login = await attempt(about.check, about.subject, bound, async () => {
    const { appliance } = site.vsphere;
    const { version } = await appliance.about(options);
    const { user } = await appliance.whoAmI(options);
    const release = reached.found?.version === undefined ? `, release ${version}` : '';
    const message = `logged in as ${user}${release}`;
    return { found: true, checks: [{ ...about, state: 'ok' as const, message }] };
  });
  return [...reached.checks, ...login.checks];
}
