import { z } from 'zod';
import type { Operation } from '../http/operation';
import { readBody } from '../http/read-request';
import type { World } from '../world/world';
import { describeContent } from './managed-object';
import { privilegeOperations } from './privilege-operations';
import { knowsRelease } from '../world/releases';
import { requirePath } from './vim-request';
import { vimSessionOperations } from './vim-session-operations';

const helloSpec = z.object({ api_releases: z.array(z.string()) });

/** Read as a property, or asked for as SOAP clients do. */
const CONTENT = [
  ['GET', 'content'],
  ['POST', 'RetrieveServiceContent'],
] as const;

/** Which of the client's releases the server speaks, and the service's entry points; neither needs a session. */
function entryOperations(world: World): Operation[] {
  return [
    {
      name: 'vijson.hello',
      method: 'POST',
      path: '/api/vcenter/system',
      query: { action: 'hello' },
      answer: (call) => {
        const { api_releases: wanted } = readBody(helloSpec, call.body);
        const known = wanted.find((release) => knowsRelease(world.release, release));
        return { status: 200, body: { api_release: known ?? '' } };
      },
    },
    ...CONTENT.map(([method, path]): Operation => ({
      name: 'vijson.content',
      method,
      path: `/sdk/vim25/:release/ServiceInstance/:moId/${path}`,
      errors: 'vim',
      answer: (call) => {
        requirePath(world, call, 'ServiceInstance', 'ServiceInstance');
        return { status: 200, body: describeContent(world) };
      },
    })),
  ];
}

/** VI/JSON: what vCenter serves below `/sdk/vim25`, and the negotiation of its release. */
export function vijsonOperations(world: World): Operation[] {
  return [...entryOperations(world), ...vimSessionOperations(world), ...privilegeOperations(world)];
}
