import type {
  Check,
  PlanOf,
  PlanResult,
  RevertPlanResult,
  SnapshotsQuery,
  SnapshotsResult,
  SetUpResult,
} from '../contract/inspect';
import {
  DEFAULT_CONNECTION,
  requestWorkflowId,
  type Operation,
  type LinkedCloneRequest,
  type Priority,
  type RequestOf,
  type RevertRequest,
} from '../contract/operations';
import { omitUndefined } from '../contract/omit-undefined';
import { derivedRequestId, newNonce } from '../request/identity';
import { RequestInvalid } from '../request/parse';
import { parsePriority, parseTeam } from '../request/place-in-line';
import { parseLinkedCloneRequest, parseNonce, parseRequestId, parseRevertRequest } from '../request/schemas';
import { connectTemporal, type ConnectOptions } from './connect';
import type { TemporalLink } from './temporal-calls';
import { describeLatestRun, nameOfRun } from './describe';
import { runDoctor } from './doctor';
import { OperationNotFound } from './errors';
import { runInspect } from './inspect';
import { listOperations, type ListedOperation, type ListOptions } from './list';
import { OperationHandle } from './operation-handle';
import type { OperationResult } from './operation-views';
import { setUp } from './set-up';
import { againAfter, workflowIdOf, startOperation, type Start } from './start';

/** A clone, running or finished. */
export type CloneHandle = HandleOf<'clone'>;
/** A revert, running or finished. */
export type RevertHandle = HandleOf<'revert'>;
/** An operation of one kind, running or finished. */
type HandleOf<O extends Operation> = OperationHandle<Extract<OperationResult<O>, OperationResult>>;

/** Each operation has a method that starts it, of its own name. */
type Starters = {
  readonly [O in Operation]: (request: RequestOf<O>, options?: StartOptions) => Promise<HandleOf<O>>;
};
/** Each operation has a method that plans it. */
type Planners = {
  readonly [O in Operation as PlannerNames[O]]: (request: RequestOf<O>) => Promise<PlanOf<O>>;
};
/** The names of these. */
interface PlannerNames {
  /** Plans a clone. */
  readonly clone: 'plan';
  /** Plans a revert. */
  readonly revert: 'planRevert';
}

/** How a request is started. */
export interface StartOptions {
  /**
   * The request's identity. The same id and the same request attach to the one run there is, running or finished, from
   * any machine. Default: derived from the request. Then a repeat attaches only while the first is running. With
   * `uniqueName` it is derived from the nonce, so every call without a request id makes a clone of its own.
   */
  readonly requestId?: string;
  /**
   * With `uniqueName`: eight characters of Crockford's base 32 in lower case that become the end of the name. A caller
   * that attaches gets the name that the first one made. Default: made by chance.
   */
  readonly nonce?: string;
  /** Run a failed, cancelled or terminated request once more. Asked again, it attaches to the run that it made. Default: false. */
  readonly again?: boolean;
  /** How urgent it is among the requests that wait at its connection. No part of the request's identity. Default: normal. */
  readonly priority?: Priority;
  /**
   * For which team it is asked, 1 to 64 bytes. Places are shared fairly between teams, where the server is set up for it.
   * It is the caller's claim, and no part of the request's identity. Default: none.
   */
  readonly team?: string;
  /** Gives up the call. The operation may have been started by then. Repeating the call attaches to it. */
  readonly signal?: AbortSignal;
}

/** Where an operation or virtual machine is. */
export interface OperationOptions {
  /** Name of a connection that the worker is configured with. Default: `default`. */
  readonly connection?: string;
  /** Gives up the call. */
  readonly signal?: AbortSignal;
}

/**
 * Starts and watches clones and reverts. It talks to the Temporal server only: credentials of vSphere live in the
 * worker.
 */
export class Snapflow implements Starters, Planners {
  private constructor(private readonly link: TemporalLink) {}

  /**
   * Connects to the Temporal server, by its own environment configuration unless options say otherwise.
   * @throws SettingInvalid, TemporalUnavailable (within about half a minute), or the signal's reason
   */
  static async connect(options: ConnectOptions = {}): Promise<Snapflow> {
    return new Snapflow(await connectTemporal(options));
  }

  /**
   * Starts a linked clone, or attaches to the one that the request id already has.
   * @throws RequestInvalid, RequestConflict, AgainRefused, TemporalUnavailable, or the signal's reason
   */
  async clone(request: LinkedCloneRequest, options: StartOptions = {}): Promise<CloneHandle> {
    return this.start('clone', parseLinkedCloneRequest(request), options);
  }

  /** Starts a revert, or attaches to the one that the request id already has. Fails as `clone`. */
  async revert(request: RevertRequest, options: StartOptions = {}): Promise<RevertHandle> {
    return this.start('revert', parseRevertRequest(request), options);
  }

  /**
   * The operation of a request id, of any caller: its newest run.
   * @throws RequestInvalid, OperationNotFound, TemporalUnavailable, or the signal's reason
   */
  async operation(requestId: string, options: OperationOptions = {}): Promise<OperationHandle> {
    const id = parseRequestId(requestId, options.connection);
    const workflowId = requestWorkflowId(options.connection ?? DEFAULT_CONNECTION, id);
    const run = await describeLatestRun(this.link, workflowId, undefined, options.signal);
    if (run === undefined) throw new OperationNotFound(id, workflowId);
    return new OperationHandle(this.link, id, workflowId, run.runId, nameOfRun(run));
  }

  /** The snapshots of a virtual machine, newest first. A worker has to run. Fails as `plan`. */
  async snapshots({ signal, ...query }: SnapshotsOptions): Promise<SnapshotsResult> {
    const answer = await runInspect(this.link, { query: { kind: 'snapshots', ...query } }, signal);
    return answer as SnapshotsResult;
  }

  /**
   * What a clone would do: every check that comes before a change, and no change. No request id is used up.
   * @throws RequestInvalid, OperationFailed with what a clone would fail with, TemporalUnavailable
   */
  async plan(
    request: LinkedCloneRequest,
    { signal }: Pick<OperationOptions, 'signal'> = {},
  ): Promise<PlanResult> {
    const query = { kind: 'plan', operation: 'clone', request: parseLinkedCloneRequest(request) } as const;
    return (await runInspect(this.link, { query }, signal)) as PlanResult;
  }

  /** What a revert would do: every check that comes before a change, and no change. Fails as `plan`. */
  async planRevert(
    request: RevertRequest,
    { signal }: Pick<OperationOptions, 'signal'> = {},
  ): Promise<RevertPlanResult> {
    const query = { kind: 'plan', operation: 'revert', request: parseRevertRequest(request) } as const;
    return (await runInspect(this.link, { query }, signal)) as RevertPlanResult;
  }

  /** Running and recent operations, newest first. At most the newest 2000 runs are read. */
  async list(options: ListOptions = {}): Promise<ListedOperation[]> {
    return listOperations(this.link, options);
  }

  /**
   * Looks at everything that operations need: the namespace, its search attributes, the workers, locks, operations that
   * wait for a person, and, through a worker, each of its connections. Changes nothing. What is wrong is a check that
   * failed, never an exception.
   * @throws the signal's reason
   */
  async doctor({ signal }: Pick<OperationOptions, 'signal'> = {}): Promise<readonly Check[]> {
    return runDoctor(this.link, signal);
  }

  /**
   * Registers the search attributes on the namespace and waits, at most a minute, until the server takes them. May be
   * repeated. The result names what it may not do itself.
   * @throws TemporalUnavailable, or the signal's reason
   */
  async setUp({ signal }: Pick<OperationOptions, 'signal'> = {}): Promise<SetUpResult> {
    return setUp(this.link, signal);
  }

  /** Closes the connection. Operations go on. */
  async close(): Promise<void> {
    await this.link.calls.end();
    await this.link.client.connection.close();
  }

  private async start<Result extends OperationResult>(
    operation: Operation,
    request: RequestOf,
    { again = false, signal, ...options }: StartOptions,
  ): Promise<OperationHandle<Result>> {
    const first = startAsked(operation, request, { requester: this.link.requester, again, ...options });
    const start = again ? await againAfter(this.link, first, signal) : first;
    const { run, isNew } = await startOperation(this.link, start, signal);
    const startedAtMs = isNew ? performance.now() : undefined;
    const { requestId } = start;
    return new OperationHandle(
      this.link,
      requestId,
      workflowIdOf(start),
      run.runId,
      nameOfRun(run),
      startedAtMs,
    );
  }
}

function startAsked(
  operation: Operation,
  request: RequestOf,
  { requestId, nonce, requester, priority, team, again = false }: StartOptions & Pick<Start, 'requester'>,
): Start {
  const isOwn = 'uniqueName' in request;
  if (isOwn && again && requestId === undefined) throw new RequestInvalid([AGAIN_WITHOUT_ID]);
  const own = isOwn ? parseNonce(nonce ?? newNonce()) : undefined;
  return {
    operation,
    request,
    requestId:
      requestId === undefined
        ? derivedRequestId(operation, request, own)
        : parseRequestId(requestId, request.connection),
    reuse: requestId === undefined ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
    ...omitUndefined({
      requester,
      nonce: own,
      priority: priority === undefined ? undefined : parsePriority(priority),
      team: team === undefined ? undefined : parseTeam(team),
    }),
  };
}

/** Each derived id is a new one: none names the run before. */
const AGAIN_WITHOUT_ID = {
  field: 'requestId',
  value: '',
  remedy:
    'missing, give the id that the first start returned, since nothing else finds a clone with a name of its own',
};

/** Of which virtual machine, and a signal that gives up the call. */
export type SnapshotsOptions = Omit<SnapshotsQuery, 'kind'> & { readonly signal?: AbortSignal };
