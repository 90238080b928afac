import type { OperationHandle, OperationOverview, OperationProgress } from '../client';
import { operationCommand } from '../contract/text';
import { omitUndefined } from '../contract/omit-undefined';
import { EXIT, WaitTimedOut } from './errors';
import { jsonLine, jsonlVersion } from './output';
import { writeOverview } from './overview';
import { progressView } from './progress-view';
import type { ActionContext } from './run-action';

/** A worker picks a run up within a second; after this time something is wrong. */
const PICK_UP_MS = 10_000;

/** Shows the progress of an operation until it ends or needs a decision, writes how it stands, and gives the exit code. */
async function followOperation(
  context: ActionContext,
  handle: OperationHandle,
  signal: AbortSignal,
): Promise<number> {
  const { terminal, format, quiet } = context;
  const view = progressView(terminal, handle.id, quiet);
  const nudge = setTimeout(() => void hintAtNoWorker(context, handle), PICK_UP_MS);
  if (format === 'jsonl') terminal.out(jsonlVersion());
  try {
    for await (const progress of handle.progress({ signal })) {
      if (progress.phase !== undefined) clearTimeout(nudge);
      if (format === 'jsonl') terminal.out(progressLine(handle.id, progress));
      view.show(progress);
      if (progress.state === 'needs-decision') break;
    }
  } finally {
    clearTimeout(nudge);
    view.close();
  }
  return writeOverview(context, await handle.overview({ signal }), false);
}

/** The same for at most that long, then the exit code that says so. The operation goes on. */
export async function followWithin(
  context: ActionContext,
  handle: OperationHandle,
  { timeout, connection }: { readonly timeout?: number; readonly connection?: string },
): Promise<number> {
  const limit = new AbortController();
  const end = (): void => limit.abort(new WaitTimedOut(resumeHint(handle.id, connection)));
  const timer = timeout === undefined ? undefined : setTimeout(end, timeout);
  try {
    return await followOperation(context, handle, AbortSignal.any([context.signal, limit.signal]));
  } catch (error) {
    if (!(error instanceof WaitTimedOut)) throw error;
    const overview = await lastLook(context, handle);
    if (overview === undefined) throw error;
    if (overview.closedAt !== undefined || overview.status.state === 'needs-decision')
      return writeOverview(context, overview, false);
    // A program reads the state, as its last line; a person reads the hint in the error.
    if (context.format === 'table') throw error;
    writeOverview(context, overview, false);
    context.terminal.err(`${error.message}\n`);
    return EXIT.stillRunning;
  } finally {
    clearTimeout(timer);
  }
}

/** Progress is a second old, so it may have ended since. A server that is silent is no reason to wait for longer. */
async function lastLook(
  { signal }: ActionContext,
  handle: OperationHandle,
): Promise<OperationOverview | undefined> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(LAST_LOOK_MS)]);
  const overview = await handle.overview({ signal: both }).catch(() => undefined);
  signal.throwIfAborted();
  return overview;
}

const LAST_LOOK_MS = 5_000;

const progressLine = (id: string, progress: OperationProgress): string =>
  jsonLine({ type: 'progress', at: new Date().toISOString(), id, ...progress });

/** Only a hint: a failure to give it is no error. */
async function hintAtNoWorker({ print }: ActionContext, handle: OperationHandle): Promise<void> {
  const overview = await handle.overview().catch(() => undefined);
  if (overview?.pickedUp === false) {
    print(
      `No worker has picked it up in ${PICK_UP_MS / 1000} s. Is snapflow worker running on its task queue?`,
    );
  }
}

/** For a command that ends before its operation. */
export const resumeHint = (requestId: string, connection: string | undefined): string =>
  `Still running. ${reattachHint(requestId, connection)}`;

/** How to reattach to an operation and how to stop it, ready to be pasted. */
export function reattachHint(requestId: string, connection: string | undefined): string {
  const target = { requestId, ...omitUndefined({ connection }) };
  // A full stop would be pasted with the id.
  return `Reattach: ${operationCommand('wait', target)} · Stop it: ${operationCommand('cancel', target)}`;
}

/** For an operation that was told something: how to see its end, ready to be pasted. */
export const waitHint = (requestId: string, connection: string | undefined): string =>
  `Wait for the end: ${operationCommand('wait', { requestId, ...omitUndefined({ connection }) })}`;
