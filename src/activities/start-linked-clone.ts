import type { StartLinkedCloneInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { FailureType } from '../contract/failure';
import { VsphereError, type ChangeOptions } from '../vsphere';
import { ERROR_CLASSES } from './error-classes';
import { callerId } from './in-activity';
import { runningLock } from './lock';
import { vmsNamed } from './look';
import { openPostWindow, unknownWithoutPosting, type PostWindow } from './post-window';
import type { Site } from './site';
import { failureOf } from './to-failure';

/** See `Activities.startLinkedClone`: guards, looks, posts once, and says what may have happened. */
export async function startLinkedClone(site: Site, input: StartLinkedCloneInput): Promise<StartOutcome> {
  const unknown = unknownWithoutPosting(input);
  if (unknown !== undefined) return unknown;
  const before = await lookBeforePost(site, input);
  return before.kind === 'clear' ? post(site, input, before.window) : before;
}

type BeforePost =
  { readonly kind: 'clear'; readonly window: PostWindow } | Extract<StartOutcome, { kind: 'refused' }>;

/** Nothing is posted in here, so whatever fails is a refusal, never an unknown. */
async function lookBeforePost(site: Site, input: StartLinkedCloneInput): Promise<BeforePost> {
  try {
    const window = await openPostWindow(input.settings.startToCloseMs);
    const lock = await runningLock(input.exclusion.lockId);
    if (lock?.lockRunId !== input.exclusion.lockRunId) {
      return refused(
        true,
        'Busy',
        `the lock ${input.exclusion.lockId} was ended from outside: nothing was posted, repeat with --again.`,
      );
    }
    const [taken] = await vmsNamed(site, input, { requestId: callerId(), signal: window.signal });
    if (taken === undefined) return { kind: 'clear', window };
    return refused(
      true,
      'NameTaken',
      `name "${input.name}" is taken by ${taken.vmId} in folder ${input.folderId}: choose another name.`,
    );
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
async function post(site: Site, input: StartLinkedCloneInput, window: PostWindow): Promise<StartOutcome> {
  const first = await postOnce(site, input, window);
  return first === 'unauthenticated' ? postAgain(site, input, window) : first;
}

async function postAgain(
  site: Site,
  input: StartLinkedCloneInput,
  window: PostWindow,
): Promise<StartOutcome> {
  const second = await postOnce(site, input, window);
  if (second !== 'unauthenticated') return second;
  return refused(
    true,
    'Unauthenticated',
    `connection "${site.name}" refused the call also after a new login: correct its credentials.`,
  );
}

async function postOnce(
  { vsphere }: Site,
  { clusterId, vmId, snapshotId, name, placement }: StartLinkedCloneInput,
  window: PostWindow,
): Promise<StartOutcome | 'unauthenticated'> {
  const options: ChangeOptions = { requestId: callerId(), beforeWrite: window.assertOpen };
  const spec = { snapshot: snapshotId, name, ...(Object.keys(placement).length === 0 ? {} : { placement }) };
  try {
    return {
      kind: 'started',
      taskId: await vsphere.appliance.startLinkedClone(clusterId, vmId, spec, options),
    };
  } catch (error) {
    if (!(error instanceof VsphereError)) throw error;
    if (error.effect === 'possible') return { kind: 'unknown', reason: error.message };
    if (error.kind === 'unauthenticated') return 'unauthenticated';
    return { kind: 'refused', final: isFinal(error), failure: failureOf(error) };
  }
}

const isFinal = ({ kind }: VsphereError): boolean => ERROR_CLASSES[kind].start === 'final';

const refused = (final: boolean, type: FailureType, message: string) =>
  ({ kind: 'refused', final, failure: { type, message } }) as const;
