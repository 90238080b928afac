import type { Check } from '../../contract/check';
import { isRefusedHere } from '../is-refused-here';
import { releaseCheck } from './release-check';
import { temporalCall } from '../temporal-call';
import type { TemporalLink } from '../temporal-link';

/** A repeat of a finished request should be recognised at least until the next day (E12). */
const SHORT_HOURS = 24;

/** That the namespace is there, and for how long it recognises a repeat. */
export const checkNamespace = async (link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> => {
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
};

const serverRelease = async (link: TemporalLink, signal?: AbortSignal): Promise<string> => {
  const info = await temporalCall(link, () => link.client.workflowService.getSystemInfo({}), signal);
  return info.serverVersion;
};

const UNREADABLE = {
  check: 'retention',
  state: 'warning',
  message: 'this account may not read the namespace, so its retention is not known',
  remedy: 'let the account read the namespace, or look its retention up in the UI',
} as const;

const retention = (subject: string, hours: number): Check => {
  const about = { check: 'retention', subject } as const;
  const span = hours >= 48 ? `${round(hours / 24)} days` : `${round(hours)} h`;
  const message = `closed runs are kept for ${span}, and so long a repeat of a finished request is recognised`;
  if (hours >= SHORT_HOURS) return { ...about, state: 'ok', message };
  return {
    ...about,
    state: 'warning',
    message,
    remedy: `keep them for a day or more: temporal operator namespace update --namespace ${subject} --retention 72h`,
  };
};

const round = (value: number): number => Math.round(value * 10) / 10;
