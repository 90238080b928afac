import type { Check } from '../../contract/check';
import { VM_TASK_SERVICE, type CallOptions } from '../../vsphere';
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
  const { version } = reached.found;
  const login = await attempt(about.check, about.subject, bound, async () => {
    const message = `logged in as ${await loggedIn(site, version !== undefined, options)}`;
    return { found: true, checks: [{ ...about, state: 'ok' as const, message }] };
  });
  return [...reached.checks, ...login.checks];
}

/**
 * The account. Who it is may be known without a call (8.0.3), and `about` may ask for no login: a short list of tasks,
 * which every operation reads, is what shows that the appliance takes it.
 */
async function loggedIn(
  { vsphere: { appliance } }: Site,
  isReleaseKnown: boolean,
  options: CallOptions,
): Promise<string> {
  await appliance.listTasks({ services: [VM_TASK_SERVICE], statuses: ['BLOCKED'] }, options);
  const { user } = await appliance.whoAmI(options);
  return isReleaseKnown ? user : `${user}, release ${(await appliance.about(options)).version}`;
}
