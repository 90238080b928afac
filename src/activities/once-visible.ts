import { Context } from '@temporalio/activity';
import { VsphereError } from '../vsphere';

/** The inventory follows the end of a task by a second or so. */
const AGAIN_MS = 1_000;

/** Well within the time that an attempt of a read has: the quarantine, which callers give, may be an hour. */
const LONGEST_MS = 300_000;

/** Reads an object that a task has just made; rejects with `not-found` only when it has not shown within that time. */
export async function onceVisible<T>(read: () => Promise<T>, withinMs: number): Promise<T> {
  const until = performance.now() + Math.min(withinMs, LONGEST_MS);
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isMissing = error instanceof VsphereError && error.kind === 'not-found';
      if (!isMissing || performance.now() >= until) throw error;
      await Context.current().sleep(Math.min(AGAIN_MS, until - performance.now()));
    }
  }
}
