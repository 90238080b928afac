import type { Check } from '../../contract/check';
import type { DoctorResult } from '../../contract/inspect';
import { OperationFailed } from '../operation-failed';
import { runInspect } from '../run-inspect';
import type { TemporalLink } from '../temporal-link';

/** What the worker sees of its connections. */
export const checkConnections = async (
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly Check[]> => {
  const about = { check: 'connections', subject: link.taskQueue, state: 'failed' } as const;
  try {
    const answer = await runInspect(link, { query: { kind: 'doctor' } }, signal);
    const { checks } = (answer ?? {}) as Partial<DoctorResult>;
    return checks ?? [{ ...about, ...OLD_WORKER }];
  } catch (error) {
    if (!(error instanceof OperationFailed)) throw error;
    return [{ ...about, message: error.failure.message, remedy: "read the worker's log" }];
  }
};

/** A worker from before this question answers it with nothing. */
const OLD_WORKER = {
  message: 'the worker does not know this question',
  remedy: 'upgrade the workers to the version of this command',
} as const;
