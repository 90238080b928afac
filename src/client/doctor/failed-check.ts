import type { Check } from '../../contract/check';
import { TemporalUnavailable } from '../temporal-unavailable';

/** What a check becomes that could not be made. Sentences of ours end with `: ` and what to do. */
export const failedCheck = (about: Pick<Check, 'check' | 'subject'>, error: unknown): Check => {
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
};
