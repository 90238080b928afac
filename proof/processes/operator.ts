import type { RoundEnvironment } from './round-environment';

/** What an operator does to the first request's run, beside the product. */
export const handleOf = (round: RoundEnvironment) =>
  round.temporal.workflow.getHandle(round.workflowId('r1'));

export async function cancelRun(round: RoundEnvironment): Promise<void> {
  round.evidence.journal('cancel-asked', { requestId: 'r1' });
  await handleOf(round).cancel();
  round.evidence.journal('cancel-accepted', { requestId: 'r1' });
}
