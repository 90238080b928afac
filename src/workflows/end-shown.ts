import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import { FAILURES, type FailureType } from '../contract/failure';
import { MEMO } from '../contract/names';
import { plainText } from '../contract/plain-text';
import type { Shown } from './current-details';

/** What is shown of a run that succeeded. */
export const successShown = (): Shown => ({ what: 'succeeded; the result is on the first tab' });

/** What is shown of a run that ends with this error, with what is on vSphere then and what to do. */
export function failureShown(error: unknown): Shown {
  if (isCancellation(error)) return cancelled();
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return { what: 'failed; the reason is on the first tab' };
  const { type, message } = cause;
  const what = `failed with **${plainText(type ?? 'an error')}**: ${plainText(message)}`;
  if (!isFailureType(type)) return { what };
  const { effect, remedy } = FAILURES[type];
  return {
    what,
    facts: [
      ['Effect on vSphere', effect],
      ['What to do', plainText(remedy)],
    ],
  };
}

function cancelled(): Shown {
  const left: unknown = workflowInfo().memo?.[MEMO.left];
  return { what: `cancelled: ${typeof left === 'string' ? plainText(left) : 'nothing was done'}` };
}

const isFailureType = (type: string | null | undefined): type is FailureType =>
  type !== null && type !== undefined && Object.hasOwn(FAILURES, type);
