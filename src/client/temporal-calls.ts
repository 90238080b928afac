import {
  isGrpcServiceError,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type Client,
  type ConnectionOptions,
} from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { setMaxListeners } from 'node:events';
import { TemporalUnavailable } from './errors';

/** A connected client and where it leads. */
export interface TemporalLink {
  readonly client: Client;
  readonly calls: CallsInFlight;
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Who asks. Temporal's events name it as their identity. */
  readonly requester: string;
  /** Things worth saying that are no failure, one sentence each. */
  readonly notice: (sentence: string) => void;
}

/** Status codes of gRPC that mean something here. The numbers are fixed by its specification. */
export const GRPC = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** The gRPC error that the SDK threw or wrapped, or undefined. */
export function grpcError(error: unknown): { code: number; details: string } | undefined {
  if (isGrpcServiceError(error)) return error;
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : undefined;
}

/** Where a call went. */
export interface Destination {
  /** `host:port`. */
  readonly address: string;
  /** Temporal namespace. */
  readonly namespace: string;
}

/** Turns a service error into one sentence with a remedy. Anything else is returned as it is. */
export function explainServiceError(error: unknown, { address, namespace }: Destination): unknown {
  if (error instanceof TemporalUnavailable) return error;
  const grpc = grpcError(error);
  if (error instanceof NamespaceNotFoundError || isMissingNamespace(grpc)) {
    return new TemporalUnavailable(
      `The Temporal server at ${address} has no namespace ${namespace}: create it, or name another with --namespace or TEMPORAL_NAMESPACE.`,
      'namespace',
      { cause: error },
    );
  }
  if (grpc === undefined) return error;
  if (REFUSED.includes(grpc.code)) {
    return new TemporalUnavailable(
      `The Temporal server at ${address} refused access to the namespace ${namespace}: check TEMPORAL_API_KEY or the client certificate.`,
      'refused',
      { cause: error },
    );
  }
  if (grpc.code === GRPC.UNIMPLEMENTED) {
    return new TemporalUnavailable(
      `What answers at ${address} does not know a call of Temporal's (${firstLine(grpc.details)}): check the address (--address or TEMPORAL_ADDRESS), what stands before the server, and its release.`,
      'refused',
      { cause: error },
    );
  }
  if (!SILENT.includes(grpc.code)) return error;
  return new TemporalUnavailable(
    `The Temporal server at ${address} does not answer (${firstLine(grpc.details)}): check that it runs, the address (--address or TEMPORAL_ADDRESS) and TLS.`,
    'unreachable',
    { cause: error },
  );
}

const REFUSED: readonly number[] = [GRPC.PERMISSION_DENIED, GRPC.UNAUTHENTICATED];
const SILENT: readonly number[] = [GRPC.UNAVAILABLE, GRPC.DEADLINE_EXCEEDED, GRPC.RESOURCE_EXHAUSTED];

const isMissingNamespace = (grpc: { code: number; details: string } | undefined): boolean =>
  grpc?.code === GRPC.NOT_FOUND && /namespace .*not found/i.test(grpc.details);

/** gRPC details can carry a page of addresses. */
const firstLine = (details: string): string =>
  (details.split('\n', 1)[0] ?? '').slice(0, 160) || 'no details';

/** A server that does not answer a short call for this long is unavailable. The SDK repeats within it. */
const CALL_DEADLINE_MS = 20_000;

/**
 * One short call to the Temporal server: bounded, abortable, and with service errors that say what to do.
 * @throws TemporalUnavailable, or the signal's reason
 */
export async function temporalCall<Answer>(
  link: TemporalLink,
  act: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  const { connection } = link.client;
  return abortable(link, () => connection.withDeadline(Date.now() + CALL_DEADLINE_MS, act), signal);
}

/** A call without a time limit of its own: a long poll. */
export async function abortable<Answer>(
  link: TemporalLink,
  act: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  try {
    const { calls, client } = link;
    return await calls.during(signal, (own) => client.connection.withAbortSignal(own, act));
  } catch (error) {
    signal?.throwIfAborted();
    throw explainServiceError(error, link);
  }
}

/** The SDK's longest pause before it repeats a call: five seconds and a fifth, and a moment for the call itself. */
const LONGEST_PAUSE_MS = 6_500;

/**
 * The calls of one connection. The SDK repeats a failed call by a timer that throws, and ends the caller's process, where
 * its connection was closed meanwhile (grpc-retry.js of 1.24). So a connection closes once its calls have ended.
 */
export class CallsInFlight {
  private readonly open = new Map<AbortController, Promise<unknown>>();
  private isEnding = false;
  /** For the connection: the SDK's own, which repeats nothing any more once the calls are to end. */
  readonly interceptors: NonNullable<ConnectionOptions['interceptors']>;

  constructor() {
    const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
    const retry = makeGrpcRetryInterceptor({
      delayFunction,
      retryableDecider: (attempt, status) => !this.isEnding && retryableDecider(attempt, status),
    });
    this.interceptors = [retry];
  }

  /**
   * Makes a call under a signal of its own. The SDK leaves a listener on the signal for every call that it makes
   * (connection.js of 1.24, `rpcImpl`). On the caller's they would add up to a leak and to Node's warning.
   */
  async during<Answer>(
    signal: AbortSignal | undefined,
    act: (own: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const own = new AbortController();
    setMaxListeners(0, own.signal);
    const abort = () => own.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const answer = act(own.signal);
    this.open.set(own, answer);
    try {
      return await answer;
    } finally {
      this.open.delete(own);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Gives up what is open, and returns once nothing is. */
  async end(): Promise<void> {
    this.isEnding = true;
    for (const own of this.open.keys()) own.abort(new Error('the connection is closed'));
    let timer: NodeJS.Timeout | undefined;
    const longest = new Promise((resolve) => (timer = setTimeout(resolve, LONGEST_PAUSE_MS)));
    await Promise.race([Promise.allSettled(this.open.values()), longest]);
    clearTimeout(timer);
  }
}

/**
 * Whether the server offers a call to no account (Temporal Cloud has no operator service) or not to this one. Other
 * calls may well work.
 */
export function isRefusedHere(error: unknown): boolean {
  const cause = error instanceof TemporalUnavailable ? error.cause : error;
  const code = grpcError(cause)?.code;
  return code === GRPC.PERMISSION_DENIED || code === GRPC.UNIMPLEMENTED;
}
