import type { Check } from '../../contract/check';
import type { CallOptions } from '../../vsphere';
import type { Site } from '../site';
import { attempt, type Bound } from './attempt';
import { checkAllowList } from './check-allow-list';
import { reachability } from './reachability';
import { rootPrivileges } from './root-privileges';

/** vCenter: reachable, its clock, the login, the account's privileges. What needs an earlier answer is left out without it. */
export async function checkVcenter(
  site: Site,
  options: CallOptions,
  bound: Bound,
): Promise<readonly Check[]> {
  const reached = await reachability(site, 'vcenter', options, bound);
  if (reached.found === undefined) return reached.checks;
  const login = await vcenterLogin(site, options, bound);
  if (login.found === undefined) return [...reached.checks, ...login.checks];
  const privileges = await attempt('privileges', site.name, bound, async () => ({
    found: true,
    checks: [await rootPrivileges(site, options)],
  }));
  const allowList = await attempt('allow-list', site.name, bound, async () => ({
    found: true,
    checks: await checkAllowList(site, options),
  }));
  return [...reached.checks, ...login.checks, ...privileges.checks, ...allowList.checks];
}

const vcenterLogin = ({ name, vsphere }: Site, options: CallOptions, bound: Bound) => {
  const about = { check: 'login', subject: `${name} vcenter` } as const;
  return attempt(about.check, about.subject, bound, async () => {
    // Any read logs in; an account without rights gets an empty list, not a refusal.
    const datacenters = await vsphere.vcenter.listDatacenters({}, options);
    const user = await vsphere.privileges.currentUser(options);
    const seen: Check =
      datacenters.length > 0
        ? { ...about, state: 'ok', message: `logged in as ${user}` }
        : {
            ...about,
            state: 'warning',
            message: `logged in as ${user}, who sees no datacenter`,
            remedy: 'grant the account System.View and System.Read on what it is to work with',
          };
    return { found: true, checks: [seen] };
  });
};
