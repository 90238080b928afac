import { z } from 'zod';
import type { CallOptions } from './call-options';
import type { HostCalls } from './host-calls';
import { id, text } from './reply-fields';

/** Releases of VI/JSON that this client was written for, the newest first; a server takes its own and earlier ones. */
const RELEASES = ['9.1.0.0', '9.0.0.0', '8.0.3.0'] as const;

/** Every vCenter calls it so; no operation may depend on its being told. */
const ROOT_FOLDER_ID = 'group-d1';

const reference = z.object({ type: text, value: id });
const hello = z.object({ api_release: z.enum(RELEASES) });
const content = z.object({
  about: z.object({ version: text }).optional(),
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
}

export type FindViJsonRoot = (options?: CallOptions) => Promise<ViJsonRoot>;

/** Agrees on a release and finds the managers, once; a failure is not remembered. Needs no session. */
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
    ...(found.about === undefined ? {} : { version: found.about.version }),
  };
}
