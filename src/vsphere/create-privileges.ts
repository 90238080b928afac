import { z } from 'zod';
import type { CallOptions } from './call-options';
import type { HostCalls } from './host-calls';
import type { Entity, Privileges } from './privileges';
import { id, list, text } from './reply-fields';
import type { FindViJsonRoot, ViJsonRoot } from './vi-json';
import { VsphereError } from './vsphere-error';
import type { VsphereCall } from './vsphere-call';

/** An operation asks for about a dozen on half a dozen objects. */
const MAX_PRIVILEGES = 500;
const MAX_ENTITIES = 100;

const userSession = z.object({ userName: text });
const availability = z.object({ privId: text, isGranted: z.boolean() });
const entityPrivilege = z.object({
  entity: z.object({ type: text, value: id }),
  privAvailability: list(availability, MAX_PRIVILEGES),
});

type Answer = z.infer<typeof entityPrivilege>;
type Checked = { entity: Entity; granted: Record<string, boolean> };

interface Ways {
  /** With the session of `/api/session`, which VI/JSON takes too from 8.0 U3. */
  readonly shared: HostCalls;
  /** With a session of VI/JSON's own, for a vCenter that does not. */
  readonly own: HostCalls;
  readonly rootOf: FindViJsonRoot;
}

export function createPrivileges({ shared, own, rootOf }: Ways): Privileges {
  let user: string | undefined;
  let takesShared = true;

  async function read<T>(call: VsphereCall<T>, options?: CallOptions): Promise<T> {
    if (!takesShared) return own.read(call, options);
    try {
      return await shared.read(call, options);
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'unauthenticated') throw error;
      const reply = await own.read(call, options);
      takesShared = false;
      return reply;
    }
  }

  /** The account of a connection never changes, so its name is asked once. */
  async function currentUser(options?: CallOptions): Promise<string> {
    if (user !== undefined) return user;
    const { base, sessionManagerId } = await rootOf(options);
    const session = await read(
      {
        operation: 'vijson.session',
        subject: '',
        method: 'GET',
        path: [...base, 'SessionManager', sessionManagerId, 'currentSession'],
        emptyMeans: 'unauthenticated',
        reply: userSession,
      },
      options,
    );
    return (user = session.userName);
  }

  return {
    currentUser,
    rootFolder: async (options) => ({ type: 'Folder', id: (await rootOf(options)).rootFolderId }),
    async check(entities, privilegeIds, options) {
      if (entities.length === 0 || privilegeIds.length === 0) {
        return entities.map((entity) => ({ entity, granted: {} }));
      }
      const userName = await currentUser(options);
      const call = checkCall(await rootOf(options), userName, entities, privilegeIds);
      return read(call, options);
    },
  };
}

function checkCall(
  { base, authorizationManagerId }: ViJsonRoot,
  userName: string,
  entities: readonly Entity[],
  privilegeIds: readonly string[],
) {
  return {
    operation: 'privileges.check',
    subject: entities.map(({ type, id }) => `${type} ${id}`).join(', '),
    method: 'POST',
    path: [...base, 'AuthorizationManager', authorizationManagerId, 'HasUserPrivilegeOnEntities'],
    bodyIds: [...entities.flatMap(({ type, id }) => [type, id]), ...privilegeIds],
    // `_typeName` comes first: servers read these bodies as a stream.
    body: {
      _typeName: 'HasUserPrivilegeOnEntitiesRequestType',
      entities: entities.map(({ type, id }) => ({ _typeName: 'ManagedObjectReference', type, value: id })),
      userName,
      privId: privilegeIds,
    },
    reply: list(entityPrivilege, MAX_ENTITIES).transform((answers, context): Checked[] => {
      const checked = entities.map((entity) => grantedOn(entity, answers, privilegeIds));
      const missing = entities.find((_entity, index) => checked[index] === undefined);
      if (missing) {
        context.addIssue({ code: 'custom', message: `no whole answer for ${missing.type} ${missing.id}` });
        return z.NEVER;
      }
      return checked.filter((one) => one !== undefined);
    }),
  } as const;
}

/** Undefined when the server left the entity or one of the privileges out: silence is no grant and no denial. */
function grantedOn(
  entity: Entity,
  answers: readonly Answer[],
  privilegeIds: readonly string[],
): Checked | undefined {
  const answer = answers.find(({ entity: { type, value } }) => type === entity.type && value === entity.id);
  const granted = new Map(answer?.privAvailability.map(({ privId, isGranted }) => [privId, isGranted]));
  if (!privilegeIds.every((privilegeId) => granted.has(privilegeId))) return undefined;
  return { entity, granted: Object.fromEntries(granted) };
}
