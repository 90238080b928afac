import { follow } from '../follow';
import type { Chapter } from '../environment';

const CLONE_MS = 1_500;

/** The connection breaks after the service has accepted the clone, so that nobody knows its task. */
export const lostReply: Chapter = {
  title: 'The answer to the clone call is lost',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    await simulator.set({ cloneMs: CLONE_MS });
    await simulator.loseNextReply('linkedClone');
    const callsBefore = await simulator.calls('linkedClone');
    const requestId = env.named('demo-4');
    const request = { vm: 'web-01', snapshot: 'latest', name: env.named('ci-44') };
    narrator.say(
      `clone ${request.vm} @ ${request.snapshot} -> ${request.name}; the answer is cut off, so it waits and then looks`,
    );
    const clone = await snapflow.clone(request, { requestId, signal });
    env.showRun(clone);
    await follow(clone, env);
    const { vmId, taskId } = await clone.result({ signal });
    narrator.check(
      'its caller got no answer',
      (await simulator.lostReplies()) === 1,
      'the connection was reset after the effect',
    );
    const posts = (await simulator.calls('linkedClone')) - callsBefore;
    narrator.check(
      'it was asked of vSphere once, and not again although no answer came',
      posts === 1,
      `clone calls: ${posts}`,
    );
    const effects = (await simulator.ledger()).filter(({ name }) => name === request.name);
    narrator.check(
      'the task was found and adopted, because it made the machine of that name',
      effects.length === 1 && effects[0]?.task === taskId && effects[0]?.resultVm === vmId,
      `${vmId} by ${taskId}`,
    );
    env.told.push({
      requestId,
      about: { name: request.name },
      outcome: 'adopted',
      effects: ['clone'],
      vmId,
    });
  },
};
