import { once } from 'node:events';
import type { OpenStage } from './open-stage';

/** Says how to use what runs, and waits until it is interrupted. */
export async function keepOpen(
  { stage, temporal, taskQueue }: OpenStage,
  signal: AbortSignal,
): Promise<void> {
  const { narrator, simulator } = stage;
  narrator.chapter('Everything stays up until Ctrl-C');
  if (temporal.uiUrl !== undefined) narrator.say(`Temporal's UI          ${temporal.uiUrl}`);
  narrator.say(`what vSphere did       curl ${simulator.address.controlUrl}/ledger`);
  narrator.say(
    `in another terminal    export TEMPORAL_ADDRESS=${temporal.address} SNAPFLOW_TASK_QUEUE=${taskQueue}`,
  );
  narrator.say(`                       npx snapflow status ${stage.named('demo-2')}`);
  narrator.say(
    `                       npx snapflow clone --vm web-01 --snapshot latest --name ${stage.named('ci-50')}`,
  );
  if (!signal.aborted) await once(signal, 'abort');
}
