import type { IncomingHttpHeaders } from 'node:http';

/** One HTTP call, read to its end. */
export interface Call {
  readonly id: string;
  readonly operation: OperationName;
  /** The caller's `X-Request-ID`. */
  readonly requestId: string | undefined;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; absent for an empty reply. */
  readonly body?: unknown;
  /** Sent as it is instead of a body; the headers say what it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by an operation to answer with what is none of its API, as a gateway in front of it does. */
export class ForeignReply extends Error {
  constructor(readonly reply: Reply) {
    super(`A reply with status ${reply.status} that is none of the API.`);
  }
}

/**
 * One operation of a served API. It is chosen by method, path and the *values* of `query`, never by the order of
 * the query. Answers are synchronous, so that the effect of a call is never interleaved with another's.
 */
export interface Operation {
  readonly name: OperationName;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** How errors look on this API. */
  readonly errors?: 'vapi' | 'vim';
  answer(call: Call): Reply;
}

/** The operation names of fault rules and counts. */
export const OPERATION_NAMES = [
  'appliance.login',
  'appliance.session',
  'appliance.logout',
  'about',
  'protectedVms.list',
  'snapshots.list',
  'snapshots.get',
  'linkedClone',
  'revert',
  'restore',
  'tasks.get',
  'tasks.list',
  'protectionGroups.list',
  'protectionGroups.get',
  'protectionGroups.snapshots',
  'protectionGroups.snapshot',
  'vcenter.login',
  'vcenter.session',
  'vcenter.logout',
  'vm.list',
  'vm.get',
  'vm.delete',
  'power.get',
  'power.start',
  'power.stop',
  'power.reset',
  'cluster.list',
  'folder.list',
  'resourcePool.list',
  'host.list',
  'datacenter.list',
  'sts.issue',
  'vijson.hello',
  'vijson.content',
  'vijson.login',
  'vijson.session',
  'vijson.logout',
  'privileges.check',
  'privileges.fetch',
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];
