import { RequestConflict } from '../../src/client';
import type { Chapter } from '../environment';

/** A caller that lost its answer asks again with the same request id. */
export const repeatedRequest: Chapter = {
  title: 'The same request again attaches to the one there is',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    const before = (await simulator.ledger()).length;
    const requestId = env.named('demo-2');
    const request = { vm: 'web-01', snapshot: 'latest', name: env.named('ci-42') };
    const first = env.told.find((told) => told.requestId === requestId);
    narrator.say(`request id ${requestId} once more: the same clone of ${request.vm}`);
    const clone = await snapflow.clone(request, { requestId, signal });
    const { vmId } = await clone.result({ signal });
    narrator.check('the answer is the same machine', vmId === first?.vmId, `${first?.vmId}, again ${vmId}`);
    const error = await snapflow.clone({ ...request, vm: 'web-03' }, { requestId, signal }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    narrator.check(
      'another clone under that request id is refused',
      error instanceof RequestConflict,
      error instanceof Error ? error.message : 'it was accepted',
    );
    const effects = (await simulator.ledger()).length - before;
    narrator.check('nothing was changed', effects === 0, `new effects: ${effects}`);
  },
};
