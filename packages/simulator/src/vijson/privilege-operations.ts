import { z } from 'zod';
import type { Call, Operation } from '../http/operation';
import { VimFault } from '../http/errors';
import type { World } from '../world/world';
import { AUTHORIZATION_MANAGER, referenceSchema, reference, requireEntities } from './managed-object';
import { readVimBody, requestOf, requirePath, requireVimSession } from './vim-request';

const MANAGER = '/sdk/vim25/:release/AuthorizationManager/:moId';

const shared = { entities: z.array(referenceSchema), userName: z.string() };
const checkSpec = z.object({
  _typeName: requestOf('HasUserPrivilegeOnEntities'),
  ...shared,
  privId: z.array(z.string()).default([]),
});
const fetchSpec = z.object({ _typeName: requestOf('FetchUserPrivilegeOnEntities'), ...shared });

function requireCaller(world: World, call: Call): void {
  requirePath(world, call, 'AuthorizationManager', AUTHORIZATION_MANAGER);
  const { user } = requireVimSession(world, call, 'AuthorizationManager', AUTHORIZATION_MANAGER);
  if (world.users.may(user, 'System.View')) return;
  const object = reference('AuthorizationManager', AUTHORIZATION_MANAGER);
  throw new VimFault('NoPermission', { object, privilegeId: 'System.View' });
}

function requireUser(world: World, name: string): void {
  if (!world.users.get(name)) throw new VimFault('UserNotFound', { principal: name, unresolved: true });
}

/** Which privileges a user has on which objects, denied ones included, in the order asked. */
export function privilegeOperations(world: World): Operation[] {
  return [
    {
      name: 'privileges.check',
      method: 'POST',
      path: `${MANAGER}/HasUserPrivilegeOnEntities`,
      errors: 'vim',
      answer: (call) => {
        requireCaller(world, call);
        const { entities, userName, privId } = readVimBody(checkSpec, call.body);
        requireUser(world, userName);
        requireEntities(world, entities);
        const privAvailability = privId.map((id) => ({
          _typeName: 'PrivilegeAvailability',
          privId: id,
          isGranted: world.users.may(userName, id),
        }));
        const body = entities.map((entity) => ({ _typeName: 'EntityPrivilege', entity, privAvailability }));
        return { status: 200, body };
      },
    },
    {
      name: 'privileges.fetch',
      method: 'POST',
      path: `${MANAGER}/FetchUserPrivilegeOnEntities`,
      errors: 'vim',
      answer: (call) => {
        requireCaller(world, call);
        const { entities, userName } = readVimBody(fetchSpec, call.body);
        requireUser(world, userName);
        requireEntities(world, entities);
        const privileges = world.users.privilegesOf(userName);
        const body = entities.map((entity) => ({ _typeName: 'UserPrivilegeResult', entity, privileges }));
        return { status: 200, body };
      },
    },
  ];
}
