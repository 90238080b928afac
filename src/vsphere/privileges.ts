import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import type { HostCalls } from './calls';
import { VsphereError } from './errors';
import { id, ifReadable, list, text, type CallOptions, type VsphereCall } from './replies';

/** A managed object: `{type: 'VirtualMachine', id: 'vm-1'}`. */
export interface Entity {
  readonly type: string;
  readonly id: string;
}

/** Whether the session's account may do something, asked through VI/JSON. */
export interface Privileges {
  /** The user name to ask privileges for, as vCenter spells it (UPN or `DOMAIN\user`). */
  currentUser(options?: CallOptions): Promise<string>;
  /** The folder above everything. */
  rootFolder(options?: CallOptions): Promise<Entity>;
  /** One answer per entity, in the order asked, with every asked privilege. The account needs System.View on each. */
  check(
    entities: readonly Entity[],
    privilegeIds: readonly string[],
    options?: CallOptions,
  ): Promise<{ entity: Entity; granted: Record<string, boolean> }[]>;
}

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

/** Also a 401 without words: below `/sdk` there is no other. A read with a session of its own does no harm. */
const isUnauthenticated = ({ kind, status }: VsphereError): boolean =>
  kind === 'unauthenticated' || status === 401;

export function createPrivileges({ shared, own, rootOf }: Ways): Privileges {
  let user: string | undefined;
  let takesShared = true;

  async function read<T>(call: VsphereCall<T>, options?: CallOptions): Promise<T> {
    if (!takesShared) return own.read(call, options);
    try {
      return await shared.read(call, options);
    } catch (error) {
      if (!(error instanceof VsphereError) || !isUnauthenticated(error)) throw error;
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

/** Releases of VI/JSON that this client was written for, the newest first. A server takes its own and earlier ones. */
const RELEASES = ['9.1.0.0', '9.0.0.0', '8.0.3.0'] as const;

/** Every vCenter calls it so. No operation may depend on its being told. */
const ROOT_FOLDER_ID = 'group-d1';

const reference = z.object({ type: text, value: id });
const hello = z.object({ api_release: z.enum(RELEASES) });
const content = z.object({
  about: z.object({ version: text, instanceUuid: ifReadable(id) }).optional(),
  rootFolder: reference.optional(),
  sessionManager: reference,
  authorizationManager: reference,
});

/** Where the managers of this vCenter are. */
export interface ViJsonRoot {
  readonly base: readonly string[];
  readonly sessionManagerId: string;
  readonly authorizationManagerId: string;
  readonly rootFolderId: string;
  /** Release of the vCenter, where it says so. */
  readonly version?: string;
  /** Which vCenter it is: kept by an upgrade, a restore and a copy, changed where it is built anew. */
  readonly instanceUuid?: string;
}

export type FindViJsonRoot = (options?: CallOptions) => Promise<ViJsonRoot>;

/** Agrees on a release and finds the managers, once. A failure is not remembered. Needs no session. */
export function viJsonRoot(calls: HostCalls): FindViJsonRoot {
  let known: ViJsonRoot | undefined;
  return async (options) => (known ??= await findRoot(calls, options));
}

/** Asks anew. */
export async function findRoot(calls: HostCalls, options?: CallOptions): Promise<ViJsonRoot> {
  const { api_release: release } = await calls.read(
    {
      operation: 'vijson.hello',
      subject: '',
      method: 'POST',
      path: ['api', 'vcenter', 'system'],
      filters: { action: ['hello'] },
      body: { api_releases: RELEASES },
      anonymous: true,
      reply: hello,
    },
    options,
  );
  const base = ['sdk', 'vim25', release];
  const found = await calls.read(
    {
      operation: 'vijson.content',
      subject: '',
      method: 'GET',
      path: [...base, 'ServiceInstance', 'ServiceInstance', 'content'],
      anonymous: true,
      reply: content,
    },
    options,
  );
  return {
    base,
    sessionManagerId: found.sessionManager.value,
    authorizationManagerId: found.authorizationManager.value,
    rootFolderId: found.rootFolder?.value ?? ROOT_FOLDER_ID,
    ...omitUndefined({ version: found.about?.version, instanceUuid: found.about?.instanceUuid }),
  };
}
