import type { Check, CheckName } from '../../contract/check';
import { VsphereError } from '../../vsphere';

type About = Pick<Check, 'check' | 'subject'>;

/** What a look found: the checks it came to, and its answer for the looks that need it. */
export interface Attempted<T> {
  readonly checks: readonly Check[];
  /** Undefined when it failed. */
  readonly found: T | undefined;
}

export interface Bound {
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** One look at a host: what it throws becomes a failed check, so that nothing hides what else is to be said. */
export async function attempt<T>(
  check: CheckName,
  subject: string,
  { ms, signal }: Bound,
  look: () => Promise<{ readonly found: T; readonly checks: readonly Check[] }>,
): Promise<Attempted<T>> {
  const about: About = { check, subject };
  try {
    return await look();
  } catch (error) {
    const failed = signal.aborted ? outOfTime(about, ms) : refused(about, error);
    return { checks: [failed], found: undefined };
  }
}

const outOfTime = (about: About, ms: number): Check => ({
  ...about,
  state: 'failed',
  message: `no answer within ${ms / 1000} s`,
  remedy: 'check that the host is well, and the network between it and the worker',
});

function refused(about: About, error: unknown): Check {
  const failed = { ...about, state: 'failed' } as const;
  // Words of unknown origin may hold anything: they stay out of histories.
  if (!(error instanceof VsphereError))
    return { ...failed, message: 'the look failed in an unexpected way', remedy: "read the worker's log" };
  const { message, remedy } = error;
  const end = `; ${remedy}.`;
  return { ...failed, message: message.endsWith(end) ? message.slice(0, -end.length) : message, remedy };
}
