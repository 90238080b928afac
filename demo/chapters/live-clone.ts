import { follow } from '../follow';
import type { Chapter } from '../environment';

const CLONE_MS = 5_000;

/** The ordinary case. */
export const liveClone: Chapter = {
  title: 'A linked clone, with live progress',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    await simulator.set({ cloneMs: CLONE_MS });
    const requestId = env.named('demo-1');
    const request = { vm: 'web-01', snapshot: 'latest', name: env.named('ci-41') };
    narrator.say(`clone ${request.vm} @ ${request.snapshot} -> ${request.name}, request id ${requestId}`);
    const clone = await snapflow.clone(request, { requestId, signal });
    env.showRun(clone);
    await follow(clone, env);
    const { vmId, taskId } = await clone.result({ signal });
    const effects = (await simulator.ledger()).filter(({ name }) => name === request.name);
    narrator.check(
      `${request.name} is ${vmId}, made by task ${taskId}`,
      effects[0]?.resultVm === vmId && effects[0].task === taskId,
      'machine and task are those of the ledger',
    );
    narrator.check('it was made once', effects.length === 1, `effects in the ledger: ${effects.length}`);
    env.told.push({
      requestId,
      about: { name: request.name },
      outcome: 'cloned',
      effects: ['clone'],
      vmId,
    });
  },
};
