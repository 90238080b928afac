import type { AwaitTaskInput, Waited } from '../contract/activities';
import { awaitTask } from './await-task';
import { notConfigured, siteOfBegun, type Sites } from './site';

/** Waits at the connection of the task. Where this worker lacks it the run shows as blocked, and the next attempt may find a worker that has it. */
export async function awaitTaskWhere(sites: Sites, input: AwaitTaskInput): Promise<Waited> {
  const { connection, blocked } = input;
  if (!sites.has(connection) && !blocked)
    return { kind: 'blocked', message: notConfigured(sites, connection) };
  return awaitTask(siteOfBegun(sites, connection), input);
}
