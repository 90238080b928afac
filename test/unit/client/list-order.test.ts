import type { WorkflowExecutionInfo } from '@temporalio/client';
import { listOperations } from '../../../src/client/list';
import type { TemporalLink } from '../../../src/client/temporal-calls';

/** As visibility gives them: what runs first, then by end. */
const RUNS = [
  { id: 'runs-for-long', startTime: new Date(1_000) },
  { id: 'ended-late', startTime: new Date(2_000), closeTime: new Date(9_000) },
  { id: 'ended-early', startTime: new Date(3_000), closeTime: new Date(4_000) },
].map(
  ({ id, closeTime, ...run }) =>
    ({
      ...run,
      ...(closeTime === undefined ? {} : { closeTime }),
      workflowId: id,
      runId: id,
      type: 'linkedCloneVm',
      status: { name: closeTime === undefined ? 'RUNNING' : 'COMPLETED' },
      memo: {},
      searchAttributes: {},
    }) as unknown as WorkflowExecutionInfo,
);

const LINK = {
  client: {
    connection: {
      withDeadline: (_: number, act: () => unknown) => act(),
      withAbortSignal: (_: unknown, act: () => unknown) => act(),
    },
    workflow: { list: () => RUNS },
  },
  calls: { during: (_: unknown, act: (signal: AbortSignal) => unknown) => act(new AbortController().signal) },
} as unknown as TemporalLink;

test('a list is newest first, whichever runs or ended when', async () => {
  const listed = await listOperations(LINK);
  expect(listed.map(({ id }) => id)).toEqual(['ended-early', 'ended-late', 'runs-for-long']);
});
