/** The time that one call has, and the caller's own wish to give it up, as one signal. */
export interface CallDeadline {
  readonly signal: AbortSignal;
  /** Stops the timer; a call that has ended must not keep the process alive. */
  end(): void;
}

/** Why a call was given up. */
export class GivenUp extends Error {
  constructor(readonly by: 'deadline' | 'caller') {
    super(by);
  }
}

/** Node's timers run on the monotonic clock: a corrected wall clock neither ends nor prolongs a call. */
export function startCallDeadline(deadlineMs: number, outer?: AbortSignal): CallDeadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new GivenUp('deadline')), deadlineMs);
  const giveUp = (): void => controller.abort(new GivenUp('caller'));
  if (outer?.aborted) giveUp();
  outer?.addEventListener('abort', giveUp, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', giveUp);
    },
  };
}
