import type { OperationHandle, OperationProgress } from '../client';
import { operationCommand } from '../contract/text';
import { omitUndefined } from './options';
import { jsonLine, jsonlVersion } from './output';
import { writeOverview } from './overview';
import { progressView } from './progress-view';
import type { ActionContext } from './run-action';

/** A worker takes a run up within a second; a person who waits this long wants to know why nothing happens. */
const PICK_UP_MS = 10_000;

/** Shows the progress of an operation until it ends or needs a decision, writes how it stands, and gives the exit code. */
export const followOperation = async (
  context: ActionContext,
  handle: OperationHandle,
  signal: AbortSignal = context.signal,
): Promise<number> => {
  const { terminal, format, quiet } = context;
  const view = progressView(terminal, handle.id, quiet);
  const nudge = setTimeout(() => void hintAtNoWorker(context, handle), PICK_UP_MS);
  if (format === 'jsonl') terminal.out(jsonlVersion());
  try {
    for await (const progress of handle.progress({ signal })) {
      if (progress.phase !== undefined) clearTimeout(nudge);
      if (format === 'jsonl') terminal.out(progressLine(progress));
      view.show(progress);
      if (progress.state === 'needs-decision') break;
    }
  } finally {
    clearTimeout(nudge);
    view.close();
  }
  return writeOverview(context, await handle.overview({ signal }), false);
};

const progressLine = (progress: OperationProgress): string =>
  jsonLine({ type: 'progress', at: new Date().toISOString(), ...progress });

/** Only a hint: that it could not be given is not worth an error. */
const hintAtNoWorker = async ({ print }: ActionContext, handle: OperationHandle): Promise<void> => {
  const overview = await handle.overview().catch(() => undefined);
  if (overview?.pickedUp === false) {
    print('No worker has taken it up yet: does snapflow worker run on its task queue?');
  }
};

/** How to come back to an operation that goes on without its starter, ready to be pasted. */
export const resumeHint = (requestId: string, connection: string | undefined): string =>
  `The operation goes on: ${operationCommand('wait', { requestId, ...omitUndefined({ connection }) })}`;
