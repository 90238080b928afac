import type { Scene } from './scene';

const SESSION = 'vmware-api-session-id';

/** Somebody else with our account clones the same source under a name of his own, and leaves in order. */
export async function postTwin({ site, control }: Scene): Promise<void> {
  const { inventory } = await control.call<{
    inventory: { vms: readonly Record<string, string>[]; snapshots: readonly Record<string, string>[] };
  }>('GET', '/state');
  const source = inventory.vms.find(({ id }) => id === 'vm-1001');
  const snapshot = inventory.snapshots.find(({ vm }) => vm === 'vm-1001');
  const api = `${site.applianceUrl}/api/snapservice`;
  const basic = Buffer.from(`${site.username}:${site.password}`).toString('base64');
  const login = await fetch(`${api}/sessions`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
  });
  const headers = { [SESSION]: (await login.json()) as string, 'content-type': 'application/json' };
  const path = `clusters/${source?.['cluster']}/virtual-machines/vm-1001?action=linked-clone&vmw-task=true`;
  const body = JSON.stringify({ snapshot: snapshot?.['id'], name: 'sibling-of-somebody' });
  const posted = await fetch(`${api}/${path}`, { method: 'POST', headers, body });
  const answer = await posted.text();
  await fetch(`${api}/sessions`, { method: 'DELETE', headers });
  if (posted.status !== 202) throw new Error(`the sibling's clone was refused: ${posted.status} ${answer}`);
}
