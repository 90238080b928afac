import { setMaxListeners } from 'node:events';
import type { Check, DoctorResult, CheckName } from '../contract/inspect';
import { checkLocks, checkOperations, checkSearchAttributes } from './doctor-operations';
import { checkWorkers } from './doctor-workers';
import { OperationFailed, TemporalUnavailable } from './errors';
import { runInspect } from './inspect';
import { isRefusedHere, temporalCall, type Destination, type TemporalLink } from './temporal-calls';

/** What the worker sees of its connections. */
export async function checkConnections(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const about = { check: 'connections', subject: link.taskQueue, state: 'failed' } as const;
  try {
    const answer = await runInspect(link, { query: { kind: 'doctor' } }, signal);
    const { checks } = (answer ?? {}) as Partial<DoctorResult>;
    return checks ?? [{ ...about, ...OLD_WORKER }];
  } catch (error) {
    if (!(error instanceof OperationFailed)) throw error;
    return [{ ...about, message: error.failure.message, remedy: "read the worker's log" }];
  }
}

/** A worker from before this question answers it with nothing. */
const OLD_WORKER = {
  message: 'the worker does not know this question',
  remedy: 'upgrade the workers to the version of this command',
} as const;

/** The oldest release of the Temporal server that the tests run against. An older one may do. */
const TRIED = { major: 1, minor: 29 } as const;

/** That the server answers, and of which release it is. An empty release is one that it keeps to itself. */
export function releaseCheck(subject: string, release: string): Check {
  const about = { check: 'temporal', subject } as const;
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(release) ?? [];
  if (major === undefined || minor === undefined)
    return { ...about, state: 'ok', message: 'the server answers, and does not tell its release' };
  const isTried =
    Number(major) > TRIED.major || (Number(major) === TRIED.major && Number(minor) >= TRIED.minor);
  if (isTried)
    return { ...about, state: 'ok', message: `the server answers, release ${release.slice(0, 40)}` };
  return {
    ...about,
    state: 'warning',
    message: `the server is of release ${release.slice(0, 40)}, and nothing before ${TRIED.major}.${TRIED.minor} was ever tried`,
    remedy:
      'upgrade the Temporal server, or try clones, cancels and snapflow resolve against the simulator first',
  };
}

/** A repeat of a finished request should be recognised at least until the next day (E12). */
const SHORT_HOURS = 24;

/** That the namespace is there, and for how long it recognises a repeat. */
async function checkNamespace(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const { namespace, client, address } = link;
  const temporal = releaseCheck(address, await serverRelease(link, signal));
  try {
    const describe = () => client.workflowService.describeNamespace({ namespace });
    const { config } = await temporalCall(link, describe, signal);
    const seconds = Number(String(config?.workflowExecutionRetentionTtl?.seconds ?? 0));
    const found = { check: 'namespace', subject: namespace, state: 'ok', message: 'it is there' } as const;
    return [temporal, found, retention(namespace, seconds / 3600)];
  } catch (error) {
    if (!isRefusedHere(error)) throw error;
    const unread = { ...UNREADABLE, subject: namespace };
    return [temporal, unread];
  }
}

async function serverRelease(link: TemporalLink, signal?: AbortSignal): Promise<string> {
  const info = await temporalCall(link, () => link.client.workflowService.getSystemInfo({}), signal);
  return info.serverVersion;
}

const UNREADABLE = {
  check: 'retention',
  state: 'warning',
  message: 'this account may not read the namespace, so its retention is not known',
  remedy: 'let the account read the namespace, or look its retention up in the UI',
} as const;

function retention(subject: string, hours: number): Check {
  const about = { check: 'retention', subject } as const;
  const span = hours >= 48 ? `${round(hours / 24)} days` : `${round(hours)} h`;
  const message = `a repeat of a finished request is recognised for ${span}: that is how long closed runs are kept`;
  if (hours >= SHORT_HOURS) return { ...about, state: 'ok', message };
  return {
    ...about,
    state: 'warning',
    message,
    remedy: `keep them for a day or more: temporal operator namespace update --namespace ${subject} --retention 72h`,
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The result of a check that failed to run. Snapflow's sentences end with `: ` and the remedy. */
function failedCheck(about: Pick<Check, 'check' | 'subject'>, error: unknown): Check {
  const { message } = error instanceof Error ? error : { message: String(error) };
  const [, what, remedy] = /^(.*): (.*?)\.?$/s.exec(message) ?? [];
  if (error instanceof TemporalUnavailable && what !== undefined && remedy !== undefined)
    return { ...about, state: 'failed', message: what, remedy };
  const remedyOfOthers = "try again, and read the Temporal server's log if it stays so";
  return {
    ...about,
    state: 'failed',
    message: `could not be looked at (${message})`,
    remedy: remedyOfOthers,
  };
}

type Look = (link: TemporalLink, signal?: AbortSignal) => Promise<readonly Check[]>;

const LOOKS: readonly (readonly [CheckName, Look])[] = [
  ['temporal', checkNamespace],
  ['search-attributes', checkSearchAttributes],
  ['workers', checkWorkers],
  ['locks', checkLocks],
  ['operations', checkOperations],
  ['connections', checkConnections],
];

/** Every look, side by side. One that fails is a failed check and hides none of the others. See `Snapflow.doctor`. */
export async function runDoctor(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const own = ofManyCalls(signal);
  const looked = await Promise.all(LOOKS.map(([check, look]) => lookOrFail(check, look, link, own)));
  return looked.flat();
}

/** The looks make dozens of calls at once, each with a listener: on the caller's signal Node would take that for a leak. */
function ofManyCalls(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const own = AbortSignal.any([signal]);
  setMaxListeners(0, own);
  return own;
}

async function lookOrFail(
  check: CheckName,
  look: Look,
  link: TemporalLink,
  signal: AbortSignal | undefined,
): Promise<readonly Check[]> {
  try {
    return await look(link, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const subject = check === 'temporal' ? link.address : link.namespace;
    return [failedCheck({ check, subject }, error)];
  }
}

/** The one check there is when no connection to Temporal came about. */
export const unconnectedCheck = (error: TemporalUnavailable, { address, namespace }: Destination): Check =>
  error.reason === 'namespace'
    ? failedCheck({ check: 'namespace', subject: namespace }, error)
    : failedCheck({ check: 'temporal', subject: address }, error);
