import { OperationFailed } from '../../src/client';
import { follow } from '../follow';
import type { Chapter } from '../environment';

/** Longer than the chapter: the task ends by its failure. */
const CLONE_MS = 60_000;
const WORDS = 'The datastore vsanDatastore is out of space.';

/** The service gives up in the middle. */
export const failedTask: Chapter = {
  title: 'The service’s task fails',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    await simulator.set({ cloneMs: CLONE_MS });
    const requestId = env.named('demo-5');
    const request = { vm: 'web-02', snapshot: 'latest', name: env.named('ci-45') };
    narrator.say(`clone ${request.vm} @ ${request.snapshot} -> ${request.name}, request id ${requestId}`);
    const clone = await snapflow.clone(request, { requestId, signal });
    env.showRun(clone);
    let failed: string | undefined;
    await follow(clone, env, async ({ taskId }) => {
      if (failed !== undefined || taskId === undefined) return;
      failed = taskId;
      await simulator.failTask(taskId, WORDS);
    });
    const error = await clone.result({ signal }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof OperationFailed))
      throw error ?? new Error(`The clone ${request.name} succeeded although its task failed.`);
    const { type, message } = error.failure;
    narrator.check(
      'the failure says TaskFailed, with the task and the service’s own words',
      type === 'TaskFailed' && message.includes(WORDS) && failed !== undefined && message.includes(failed),
      message,
    );
    const left = (await simulator.machines()).filter(({ name }) => name === request.name);
    narrator.check('nothing is left', left.length === 0, `machines named ${request.name}: ${left.length}`);
    env.told.push({ requestId, about: { name: request.name }, outcome: 'failed', effects: [] });
  },
};
