import { VsphereError, type CallOptions, type Reached, type VsphereHost } from '../../vsphere';
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
    const found = await vsphere.reach(host, options).catch((error: unknown) => {
      throw wrongServer(host, error) ?? error;
    });
    const release =
      found.version === undefined ? 'release not told without a login' : `release ${found.version}`;
    const answers = { ...about, state: 'ok' as const, message: `answers, ${release}` };
    return { found, checks: [answers, clockCheck(about.subject, host, found)] };
  });
};

const LEADS_TO: Readonly<Record<VsphereHost, string>> = {
  vcenter: 'check that vcenterUrl leads to vCenter, not to the snapshot appliance or another server',
  appliance: 'check that applianceUrl leads to the snapshot appliance, not to vCenter or another server',
};

/** What every release of a host answers to anybody is unknown there: it is another server. */
function wrongServer(host: VsphereHost, error: unknown): VsphereError | undefined {
  if (!(error instanceof VsphereError) || error.status !== 404) return undefined;
  const { message, kind, effect, operation, status, errorType, serverText } = error;
  const fields = { kind, effect, operation, host, status, errorType, serverText, remedy: LEADS_TO[host] };
  return new VsphereError(message.replace(`; ${error.remedy}.`, `; ${LEADS_TO[host]}.`), fields, {
    cause: error,
  });
}
