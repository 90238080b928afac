import type { Control } from '../../test/environment/control';
import type { SimulatedSite } from '../../test/environment/processes';

const SESSION = 'vmware-api-session-id';

interface Wanted {
  readonly vm: string;
  readonly name: string;
}

/** Somebody else who uses our account clones a machine, and leaves in order. */
export async function cloneBySomebody(
  { site, control }: { readonly site: SimulatedSite; readonly control: Control },
  { vm, name }: Wanted,
): Promise<void> {
  const { inventory } = await control.state();
  const cluster = inventory.vms.find(({ id }) => id === vm)?.cluster;
  const snapshot = inventory.snapshots.find((each) => each.vm === vm)?.id;
  const api = `${site.applianceUrl}/api/snapservice`;
  const authorization = `Basic ${Buffer.from(`${site.username}:${site.password}`).toString('base64')}`;
  const login = await fetch(`${api}/sessions`, { method: 'POST', headers: { authorization } });
  const headers = { [SESSION]: (await login.json()) as string, 'content-type': 'application/json' };
  const path = `clusters/${cluster}/virtual-machines/${vm}?action=linked-clone&vmw-task=true`;
  const body = JSON.stringify({ snapshot, name });
  const posted = await fetch(`${api}/${path}`, { method: 'POST', headers, body });
  const answer = await posted.text();
  await fetch(`${api}/sessions`, { method: 'DELETE', headers });
  if (posted.status !== 202) throw new Error(`somebody's clone was refused: ${posted.status} ${answer}`);
}
