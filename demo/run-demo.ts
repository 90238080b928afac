import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from 'snapflow-dev-server';
import { isAlive } from '../packages/dev-server/src/child-group';
import { openDemo, type OpenDemo, type OpenOptions, type OpenPart } from './environment';
import type { Narrator } from './narrator';
import { STORY } from './story';

/** The story takes about a minute; a machine five times as slow still gets to its end. */
const LONGEST_MS = 400_000;

export interface DemoOptions {
  readonly narrator: Narrator;
  /** Leave everything running at the end, until `interrupted`. */
  readonly keep: boolean;
  readonly interrupted: AbortSignal;
}

/**
 * Tells the story, and stops whatever it started, whichever way it ends. Throws what went wrong: a statement that does
 * not hold, a program that ended by itself, or the interruption's reason.
 */
export async function runDemo({ narrator, keep, interrupted }: DemoOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-demo-'));
  const detach = endWithUs(() => rmSync(folder, { recursive: true, force: true }));
  const broken = new AbortController();
  const parts: OpenPart[] = [];
  try {
    await tellAll({ narrator, keep, folder }, interrupted, broken, parts);
  } finally {
    for (const { close } of parts.toReversed()) await close();
    detach();
    await rm(folder, { recursive: true, force: true });
  }
  const pids = parts.flatMap(({ pid }) => pid ?? []);
  narrator.check(
    'every process of the demo has ended',
    !pids.some((pid) => isAlive(pid)),
    `processes ${pids.join(', ')}`,
  );
}

async function tellAll(
  { narrator, keep, folder }: Pick<DemoOptions, 'keep'> & Pick<OpenOptions, 'narrator' | 'folder'>,
  interrupted: AbortSignal,
  broken: AbortController,
  parts: OpenPart[],
): Promise<void> {
  const signal = AbortSignal.any([interrupted, broken.signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    narrator.say('starting Temporal, a simulated vCenter with snapshot appliance, and a worker');
    const open = await openDemo({
      narrator,
      folder,
      signal,
      onUnexpectedEnd: (error) => broken.abort(error),
      onOpened: (part) => parts.push(part),
    });
    for (const { title, tell } of STORY) {
      narrator.chapter(title);
      await tell(open.env);
    }
    if (keep) await keepOpen(open, AbortSignal.any([interrupted, broken.signal]));
    broken.signal.throwIfAborted();
  } catch (error) {
    // What aborted the calls says more than the calls' own errors.
    throw signal.aborted ? signal.reason : error;
  }
}

/** Says how to use what runs, and waits until it is interrupted. */
async function keepOpen({ env, temporal, taskQueue }: OpenDemo, signal: AbortSignal): Promise<void> {
  const { narrator, simulator } = env;
  narrator.chapter('Everything stays up until Ctrl-C');
  if (temporal.uiUrl !== undefined) narrator.say(`Temporal's UI          ${temporal.uiUrl}`);
  narrator.say(`what vSphere did       curl ${simulator.address.controlUrl}/ledger`);
  narrator.say(
    `in another terminal    export TEMPORAL_ADDRESS=${temporal.address} SNAPFLOW_TASK_QUEUE=${taskQueue}`,
  );
  narrator.say(`                       npx snapflow status ${env.named('demo-2')}`);
  narrator.say(
    `                       npx snapflow clone --vm web-01 --snapshot latest --name ${env.named('ci-50')}`,
  );
  if (!signal.aborted) await once(signal, 'abort');
}
