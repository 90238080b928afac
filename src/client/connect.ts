import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { once } from 'node:events';
import { DEFAULT_TASK_QUEUE } from '../contract/operations';
import { TemporalUnavailable } from './errors';
import { readableMemos } from './readable-memos';
import { requesterOf } from './requester';
import {
  CallsInFlight,
  explainServiceError,
  isRefusedHere,
  temporalCall,
  type TemporalLink,
} from './temporal-calls';
import { readableKey, temporalSettings } from './temporal-settings';
import { tlsProblem } from './tls-problem';

/** What a starter of operations reads from the environment besides Temporal's own variables. */
interface StarterSettings {
  /** `SNAPFLOW_TASK_QUEUE`. */
  readonly taskQueue?: string;
}

/** Reads the starter's settings. */
function starterSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StarterSettings {
  const taskQueue = environment['SNAPFLOW_TASK_QUEUE'];
  return taskQueue === undefined || taskQueue === '' ? {} : { taskQueue };
}

/** A person waits for it at a terminal. A server that is up answers in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects to the Temporal server and makes sure that the namespace is there.
 * @throws SettingInvalid, TemporalUnavailable, or the signal's reason
 */
export async function connectTemporal(options: ConnectOptions): Promise<TemporalLink> {
  const settings = temporalSettings(options);
  const { namespace, ...server } = settings;
  const { address } = server;
  const taskQueue = options.taskQueue ?? starterSettings().taskQueue ?? DEFAULT_TASK_QUEUE;
  const requester = requesterOf(options.requester);
  const calls = new CallsInFlight();
  const { interceptors } = calls;
  const connectionOptions = { ...server, interceptors, connectTimeout: CONNECT_TIMEOUT_MS };
  const connection = await connected(connectionOptions, namespace, options.signal);
  const link: TemporalLink = {
    client: new Client({
      connection,
      namespace,
      identity: requester,
      interceptors: { workflow: [readableMemos(namespace)] },
    }),
    calls,
    address,
    namespace,
    taskQueue,
    requester,
    notice: eachOnce(options.onNotice ?? (() => {})),
  };
  const readable = readableKey(settings);
  if (readable !== undefined) link.notice(`${readable}.`);
  try {
    await assertNamespace(link, options.signal);
    return link;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Each sentence appears once in the life of a connection, however often its cause occurs. */
function eachOnce(notice: (sentence: string) => void): (sentence: string) => void {
  const said = new Set<string>();
  return (sentence) => {
    if (said.has(sentence)) return;
    said.add(sentence);
    notice(sentence);
  };
}

async function connected(
  options: ConnectionOptions & { address: string },
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const connection = Connection.lazy(options);
  try {
    await orAborted(connection.ensureConnected(), signal);
    return connection;
  } catch (error) {
    await connection.close();
    signal?.throwIfAborted();
    throw await unreachable(error, options, namespace);
  }
}

/** The SDK's first connection ignores signals, so the caller leaves it behind. */
async function orAborted(connected: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return connected;
  signal.throwIfAborted();
  const left = new AbortController();
  const aborted = once(signal, 'abort', { signal: left.signal }).then(() => signal.throwIfAborted());
  try {
    await Promise.race([connected, aborted]);
  } finally {
    left.abort();
    await Promise.allSettled([aborted]);
    // Who leaves early must not crash on the time-out that comes later.
    connected.catch(() => undefined);
  }
}

/** The SDK reports a failed first connection as a plain time-out. Its reason is worth less than the address. */
async function unreachable(
  error: unknown,
  { address, tls }: ConnectionOptions & { address: string },
  namespace: string,
): Promise<unknown> {
  const problem = await tlsProblem({ address, tls });
  if (problem !== undefined) return new TemporalUnavailable(problem, 'unreachable', { cause: error });
  const explained = explainServiceError(error, { address, namespace });
  if (explained instanceof TemporalUnavailable) return explained;
  return new TemporalUnavailable(
    `No Temporal server answers at ${address}: start one (snapflow dev), or give its address with --address or TEMPORAL_ADDRESS.`,
    'unreachable',
    { cause: error },
  );
}

/** Asked once, at connect: without it a missing namespace would only show at the first start. */
async function assertNamespace(link: TemporalLink, signal: AbortSignal | undefined): Promise<void> {
  const { namespace } = link;
  try {
    await temporalCall(link, () => link.client.workflowService.describeNamespace({ namespace }), signal);
  } catch (error) {
    // An account may start workflows without being allowed to read the namespace.
    if (isRefusedHere(error)) return;
    throw error;
  }
}

/** Where the Temporal server is. Each option overrides Temporal's own environment configuration. */
export interface ConnectOptions {
  /** `host:port`. Default: `TEMPORAL_ADDRESS` or the profile's, else `localhost:7233`. */
  readonly address?: string;
  /** Default: `TEMPORAL_NAMESPACE` or the profile's, else `default`. */
  readonly namespace?: string;
  /** Profile in Temporal's configuration file. Default: `TEMPORAL_PROFILE`, else `default`. */
  readonly profile?: string;
  /** Task queue of the workers. Default: `SNAPFLOW_TASK_QUEUE`, else `snapflow`. */
  readonly taskQueue?: string;
  /**
   * Who asks: a CI job, an OIDC subject, a person. 1 to 200 characters. Every start, answer, cancel and deletion is
   * recorded with it, as the identity in Temporal's events. It is never trusted: nothing is allowed because of it.
   * Default: `SNAPFLOW_REQUESTER`, else the CI job (GitHub Actions, GitLab CI, Jenkins), else the account and host.
   */
  readonly requester?: string;
  /** Told things worth saying that are no failure, one sentence each. Default: they are dropped. */
  readonly onNotice?: (sentence: string) => void;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
}
