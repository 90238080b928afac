import { each, together, type Check } from '../check';

/** Neither a history nor the number of calls grows beyond what the plan allows. */
export const bounds: Check = {
  id: 'J16',
  demands: 'events and calls stay within their bounds',
  judge: ({ accepted, evidence: { plan, histories, calls } }) =>
    together(
      'histories and counted operations',
      each(
        'histories',
        accepted.flatMap(({ runs }) => runs),
        ({ runId, workflowId }) => {
          const events = histories.get(runId)?.events.length ?? 0;
          return [
            events > plan.bounds.events &&
              `run ${runId} of ${workflowId} has ${events} events, the bound is ${plan.bounds.events}`,
          ];
        },
      ),
      each('operations', Object.entries(plan.bounds.calls), ([operation, most]) => {
        const called = calls.calls[operation] ?? 0;
        return [called > most && `${operation} was called ${called} times, the bound is ${most}`];
      }),
    ),
};
