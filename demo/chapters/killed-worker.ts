import type { OperationProgress } from '../../src/client';
import { follow } from '../follow';
import type { Chapter, DemoEnvironment } from '../environment';

/** Long enough that Temporal has noticed by its end that nobody works on the dead worker's cached workflows (10 s). */
const CLONE_MS = 17_000;
const KILL_FROM_PERCENT = 15;

/** The worker dies without a word while vSphere works; another one carries on with the same task. */
export const killedWorker: Chapter = {
  title: 'The worker is killed in the middle of a clone',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    await simulator.set({ cloneMs: CLONE_MS });
    const callsBefore = await simulator.calls('linkedClone');
    const requestId = env.named('demo-2');
    const request = { vm: 'web-01', snapshot: 'latest', name: env.named('ci-42') };
    narrator.say(`clone ${request.vm} @ ${request.snapshot} -> ${request.name}, request id ${requestId}`);
    const clone = await snapflow.clone(request, { requestId, signal });
    env.showRun(clone);
    let killedDuring: string | undefined;
    await follow(clone, env, async (progress) => {
      if (killedDuring !== undefined || !isInTheMiddle(progress)) return;
      killedDuring = progress.taskId;
      await replaceWorker(env, request.name);
    });
    const { vmId, taskId } = await clone.result({ signal });
    const { state, warnings = [] } = await clone.describe({ signal });
    narrator.check(
      'the caller, who waited all the time, saw a success and no failure',
      state === 'succeeded' && warnings.length === 0,
      `${request.name} is ${vmId}, warnings: ${warnings.length}`,
    );
    narrator.check(
      'the other worker carried on with the same task',
      taskId !== undefined && taskId === killedDuring,
      `before ${killedDuring}, after ${taskId}`,
    );
    const posts = (await simulator.calls('linkedClone')) - callsBefore;
    narrator.check('nothing was asked of vSphere twice', posts === 1, `clone calls: ${posts}`);
    const effects = (await simulator.ledger()).filter(({ name }) => name === request.name);
    narrator.check(
      'there is one new machine',
      effects.length === 1 && effects[0]?.resultVm === vmId && effects[0].task === taskId,
      `in the ledger: ${effects.map(({ resultVm, task }) => `${resultVm} by ${task}`).join(', ')}`,
    );
    env.told.push({
      requestId,
      about: { name: request.name },
      outcome: 'cloned',
      effects: ['clone'],
      vmId,
    });
  },
};

const isInTheMiddle = ({ phase, taskId, percent }: OperationProgress): boolean =>
  phase === 'wait' && taskId !== undefined && (percent ?? 0) >= KILL_FROM_PERCENT;

async function replaceWorker({ narrator, workers, simulator }: DemoEnvironment, name: string): Promise<void> {
  const killed = workers.current();
  await killed.kill();
  const done = (await simulator.ledger()).filter((effect) => effect.name === name);
  narrator.check(
    `worker ${killed.pid} is dead, and vSphere had not finished`,
    killed.hasEnded() && done.length === 0,
    'SIGKILL; no effect in the ledger yet',
  );
  await workers.start();
}
