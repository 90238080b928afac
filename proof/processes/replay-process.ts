import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { RecordedRun, ReplayOrder, ReplayVerdict } from './replayer';

const BUNDLE = join(__dirname, '..', '..', 'dist', 'workflow-bundle.js');

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** The number of EVENT_TYPE_WORKFLOW_TASK_STARTED. */
const TASK_STARTED = 6;

/** What a worker without a cache does: every workflow task replays all that is before it. */
function upToEachTask(history: History): readonly History[] {
  const events = history.events ?? [];
  return events.flatMap(({ eventType }, index) =>
    Number(eventType) === TASK_STARTED && index + 1 < events.length
      ? [{ events: events.slice(0, index + 1) }]
      : [],
  );
}

interface Replay {
  readonly workflowId: string;
  readonly history: History;
  readonly failed: (because: string) => void;
}

/** One worker for all of them: its start costs more than the replays. The answers come in the order of the histories. */
async function replayAll(replays: readonly Replay[]): Promise<void> {
  const options = { workflowBundle: { codePath: BUNDLE } };
  let index = 0;
  for await (const { error } of Worker.runReplayHistories(options, replays)) {
    if (error !== undefined)
      replays[index]?.failed(`${replays[index]?.history.events?.length} events: ${error.message}`);
    index += 1;
  }
  for (const unread of replays.slice(index)) unread.failed('was not replayed');
}

async function judge(client: Client, runs: readonly RecordedRun[]): Promise<Record<string, ReplayVerdict>> {
  const verdicts: Record<string, ReplayVerdict> = {};
  const replays: Replay[] = [];
  for (const { workflowId, runId } of runs) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const verdict: ReplayVerdict = { cached: 'ok', uncached: 'ok' };
    verdicts[`${encodeURIComponent(workflowId)}.${runId}`] = verdict;
    replays.push({ workflowId, history, failed: (because) => (verdict.cached = because) });
    for (const prefix of upToEachTask(history))
      replays.push({ workflowId, history: prefix, failed: (because) => (verdict.uncached = because) });
  }
  await replayAll(replays);
  return verdicts;
}

async function obey({ address, runs }: ReplayOrder): Promise<Record<string, ReplayVerdict>> {
  const connection = await Connection.connect({ address });
  try {
    return await judge(new Client({ connection }), runs);
  } finally {
    await connection.close();
  }
}

function main(): void {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  let last = Promise.resolve();
  // Questions alone keep this process.
  process.channel?.ref();
  process.on('message', (order: ReplayOrder) => {
    last = last
      .then(() => obey(order))
      .then((verdicts) => void process.send?.(verdicts))
      .catch((error: unknown) => {
        process.stderr.write(`replay: ${String(error)}\n`);
        process.exit(1);
      });
  });
}

main();
