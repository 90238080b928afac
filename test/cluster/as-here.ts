import type { ClusterPlace } from './cluster-place';

/** Folders of the containers that stand in the place's folder. */
const PATHS =
  /\/(?:etc\/(?:temporal|snapflow)|run\/secrets|var\/lib\/(?:snapflow|postgresql)|home\/ui-server)(?=[/\s'"]|$)/g;

/** A text of the compose file with the addresses and paths that its containers have here. `own` is what 8080 means to it. */
export function asHere(text: string, { folder, ports }: ClusterPlace, own: number): string {
  if (text === 'postgresql') return '127.0.0.1';
  if (text === '5432') return String(ports.postgresql);
  return text
    .replaceAll(PATHS, (path) => `${folder}${path}`)
    .replaceAll('temporal:7233', `127.0.0.1:${ports.frontend}`)
    .replaceAll(/\b7243\b/g, String(ports.frontendHttp))
    .replaceAll(/\b8080\b/g, String(own))
    .replaceAll(/\b8989\b/g, String(ports.vcenter))
    .replaceAll(/\b8990\b/g, String(ports.appliance));
}
