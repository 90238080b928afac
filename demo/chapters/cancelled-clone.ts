import { follow } from '../follow';
import type { Chapter } from '../environment';

/** Long enough to be cancelled in the middle: the service has no cancel, so the task goes on to its end. */
const CLONE_MS = 3_000;

/** What a cancel comes too late for is undone. */
export const cancelledClone: Chapter = {
  title: 'A clone is cancelled while its task runs',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    await simulator.set({ cloneMs: CLONE_MS });
    const requestId = env.named('demo-6');
    const request = { vm: 'web-01', snapshot: 'latest', name: env.named('ci-46') };
    narrator.say(`clone ${request.vm} @ ${request.snapshot} -> ${request.name}, request id ${requestId}`);
    const clone = await snapflow.clone(request, { requestId, signal });
    env.showRun(clone);
    let isCancelled = false;
    await follow(clone, env, async ({ taskId }) => {
      if (isCancelled || taskId === undefined) return;
      isCancelled = true;
      await clone.cancel({ signal });
      narrator.say(`cancelled; the service cannot stop a task, so what it makes is deleted`);
    });
    const { status, left = '' } = await clone.overview({ signal });
    const [made, deleted, ...more] = (await simulator.ledger()).filter(({ name }) => name === request.name);
    narrator.check(
      'the machine was deleted by its id, once the task had made it',
      made?.kind === 'clone' &&
        deleted?.kind === 'delete' &&
        deleted.vm === made.resultVm &&
        more.length === 0,
      `in the ledger: clone ${made?.resultVm}, delete ${deleted?.vm}`,
    );
    narrator.check(
      'the operation ended as cancelled and says what became of it',
      status.state === 'cancelled' && left.includes(made?.resultVm ?? '-'),
      left,
    );
    env.told.push({
      requestId,
      about: { name: request.name },
      outcome: 'cancelled',
      effects: ['clone', 'delete'],
    });
  },
};
