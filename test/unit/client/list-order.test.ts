import { listOperations } from '../../../src/client/list';
import type { TemporalLink } from '../../../src/client/temporal-calls';
import { omitUndefined } from '../../../src/contract/omit-undefined';

const at = (seconds: number) => ({ seconds, nanos: 0 });
const [RUNNING, COMPLETED] = [1, 2];

/** As visibility gives them: what runs first, then by end. */
const RUNS = [
  { id: 'runs-for-long', startTime: at(1) },
  { id: 'ended-late', startTime: at(2), closeTime: at(9) },
  { id: 'ended-early', startTime: at(3), closeTime: at(4) },
].map(({ id, startTime, closeTime }) => ({
  execution: { workflowId: id, runId: id },
  type: { name: 'linkedCloneVm' },
  status: closeTime === undefined ? RUNNING : COMPLETED,
  startTime,
  ...omitUndefined({ closeTime }),
}));

const LINK = {
  client: {
    connection: {
      withDeadline: (_: number, act: () => unknown) => act(),
      withAbortSignal: (_: unknown, act: () => unknown) => act(),
    },
    options: { namespace: 'default', loadedDataConverter: {} },
    workflowService: { listWorkflowExecutions: () => ({ executions: RUNS }) },
    get workflow() {
      return this;
    },
  },
  calls: { during: (_: unknown, act: (signal: AbortSignal) => unknown) => act(new AbortController().signal) },
} as unknown as TemporalLink;

test('a list is newest first, whichever runs or ended when', async () => {
  const listed = await listOperations(LINK);
  expect(listed.map(({ id }) => id)).toEqual(['ended-early', 'ended-late', 'runs-for-long']);
});
