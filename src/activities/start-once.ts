import type { StartGuards } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { FailureType } from '../contract/failure';
import type { Operation } from '../contract/names';
import { VsphereError, type CallOptions, type ChangeOptions } from '../vsphere';
import { ERROR_CLASSES } from './error-classes';
import { callerId } from './in-activity';
import { runningLock } from './lock';
import { openPostWindow, unknownWithoutPosting, type PostWindow } from './post-window';
import type { Site } from './site';
import { failureOf } from './to-failure';

export type Refused = Extract<StartOutcome, { kind: 'refused' }>;

/** The one changing call of an operation, and what is looked at immediately before it. */
export interface StartCall {
  /** Which of the service's capacities it needs. */
  readonly operation: Operation;
  /** What forbids the post now; undefined when nothing does. Nothing is posted in here, so its failure is a refusal. */
  readonly lookBefore: (options: CallOptions) => Promise<Refused | undefined>;
  /** Posts, and returns the task id. */
  readonly post: (options: ChangeOptions) => Promise<string>;
  /** Tells more about a refusal of the server than its error does. */
  readonly explain?: (error: VsphereError) => Promise<Refused | undefined>;
}

/** Guards, looks, posts at most once with an effect, and says what may have happened (E3, E8, E10, E11). */
export async function startOnce(site: Site, guards: StartGuards, call: StartCall): Promise<StartOutcome> {
  const unknown = unknownWithoutPosting(guards);
  if (unknown !== undefined) return unknown;
  const full = site.capacity.whyFull(call.operation);
  if (full !== undefined) return refused(false, 'Rejected', full);
  const before = await guarded(guards, call);
  return 'assertOpen' in before ? post(site, call, before) : before;
}

async function guarded({ exclusion, settings }: StartGuards, call: StartCall): Promise<PostWindow | Refused> {
  try {
    const window = await openPostWindow(settings.startToCloseMs);
    const lock = await runningLock(exclusion.lockId);
    if (lock?.lockRunId !== exclusion.lockRunId) {
      return refused(
        true,
        'Busy',
        `the lock ${exclusion.lockId} was ended from outside: nothing was posted, repeat with --again.`,
      );
    }
    return (await call.lookBefore({ requestId: callerId(), signal: window.signal })) ?? window;
  } catch (error) {
    return error instanceof VsphereError
      ? { kind: 'refused', final: isFinal(error), failure: failureOf(error) }
      : refused(
          false,
          'Unreachable',
          `nothing was posted: ${error instanceof Error ? error.message : String(error)}`,
        );
  }
}

/** At most one more post, after a new login: a 401 is certainly no effect. */
async function post(site: Site, call: StartCall, window: PostWindow): Promise<StartOutcome> {
  const first = await postOnce(site, call, window);
  const last = first === 'unauthenticated' ? await postOnce(site, call, window) : first;
  if (last !== 'unauthenticated') return last;
  return refused(
    true,
    'Unauthenticated',
    `connection "${site.name}" refused the call also after a new login: correct its credentials.`,
  );
}

async function postOnce(
  site: Site,
  call: StartCall,
  { assertOpen }: PostWindow,
): Promise<StartOutcome | 'unauthenticated'> {
  try {
    const taskId = await call.post({ requestId: callerId(), beforeWrite: assertOpen });
    site.capacity.hadRoom(call.operation);
    return { kind: 'started', taskId };
  } catch (error) {
    if (!(error instanceof VsphereError)) throw error;
    if (error.effect === 'possible') return { kind: 'unknown', reason: error.message };
    if (error.kind === 'unauthenticated') return 'unauthenticated';
    const explained = await call.explain?.(error);
    if (explained !== undefined) return explained;
    if (error.kind === 'not-allowed') site.capacity.wasFull(call.operation, error.message);
    return { kind: 'refused', final: isFinal(error), failure: failureOf(error) };
  }
}

const isFinal = ({ kind }: VsphereError): boolean => ERROR_CLASSES[kind].start === 'final';

export const refused = (final: boolean, type: FailureType, message: string): Refused => ({
  kind: 'refused',
  final,
  failure: { type, message },
});
