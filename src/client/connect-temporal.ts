import { once } from 'node:events';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { starterSettings } from '../config/starter-settings';
import { readableKey, temporalSettings } from '../config/temporal-settings';
import { DEFAULT_TASK_QUEUE } from '../contract/names';
import { CallsInFlight } from './calls-in-flight';
import type { ConnectOptions } from './connect-options';
import { explainServiceError } from './explain-service-error';
import { isRefusedHere } from './is-refused-here';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';
import { TemporalUnavailable } from './temporal-unavailable';
import { tlsMismatch } from './tls-mismatch';

/** A person waits for it at a terminal; a server that is up answers in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects to the Temporal server and makes sure that the namespace is there.
 * @throws SettingInvalid, TemporalUnavailable, or the signal's reason
 */
export const connectTemporal = async (options: ConnectOptions): Promise<TemporalLink> => {
  const settings = temporalSettings(options);
  const { namespace, ...server } = settings;
  const { address } = server;
  const taskQueue = options.taskQueue ?? starterSettings().taskQueue ?? DEFAULT_TASK_QUEUE;
  const calls = new CallsInFlight();
  const { interceptors } = calls;
  const connectionOptions = { ...server, interceptors, connectTimeout: CONNECT_TIMEOUT_MS };
  const connection = await connected(connectionOptions, namespace, options.signal);
  const link: TemporalLink = {
    client: new Client({ connection, namespace }),
    calls,
    address,
    namespace,
    taskQueue,
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
};

/** Each sentence is said once in the life of a connection, however often its cause is met. */
const eachOnce = (notice: (sentence: string) => void): ((sentence: string) => void) => {
  const said = new Set<string>();
  return (sentence) => {
    if (said.has(sentence)) return;
    said.add(sentence);
    notice(sentence);
  };
};

const connected = async (
  options: ConnectionOptions & { address: string },
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<Connection> => {
  const connection = Connection.lazy(options);
  try {
    await orAborted(connection.ensureConnected(), signal);
    return connection;
  } catch (error) {
    await connection.close();
    signal?.throwIfAborted();
    throw await unreachable(error, options, namespace);
  }
};

/** The SDK's first connection does not listen to a signal, so nobody waits for it any more. */
const orAborted = async (connected: Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
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
};

/** The SDK reports a failed first connection as a plain time-out; its reason is worth less than the address. */
const unreachable = async (
  error: unknown,
  { address, tls }: ConnectionOptions & { address: string },
  namespace: string,
): Promise<unknown> => {
  const mismatch = await tlsMismatch(address, tls !== undefined && tls !== null && tls !== false);
  if (mismatch !== undefined) return new TemporalUnavailable(mismatch, 'unreachable', { cause: error });
  const explained = explainServiceError(error, { address, namespace });
  if (explained instanceof TemporalUnavailable) return explained;
  return new TemporalUnavailable(
    `No Temporal server answers at ${address}: start one (snapflow dev), or give its address with --address or TEMPORAL_ADDRESS.`,
    'unreachable',
    { cause: error },
  );
};

/** Asked once, at connect: without it a missing namespace would only show at the first start. */
const assertNamespace = async (link: TemporalLink, signal: AbortSignal | undefined): Promise<void> => {
  const { namespace } = link;
  try {
    await temporalCall(link, () => link.client.workflowService.describeNamespace({ namespace }), signal);
  } catch (error) {
    // An account may start workflows without being allowed to read the namespace.
    if (isRefusedHere(error)) return;
    throw error;
  }
};
