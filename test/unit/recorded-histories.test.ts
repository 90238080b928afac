import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { historyJson, type HistoryJson } from '../record/history-json';
import { installQuietRuntime } from '../environment/install-quiet-runtime';
import { workflowBundle } from '../environment/workflow-bundle';

// The names are those of the wire, written out: what was recorded must be found again whatever the sources call it.
const OPERATIONS = ['linkedCloneVm', 'revertVm'];
const OTHERS = ['deleteVmOfClone', 'holdExclusion', 'inspect'];

const FOLDER = join(__dirname, '..', 'histories');

interface Named {
  name: string;
}
interface Event {
  workflowExecutionStartedEventAttributes?: { workflowId: string; workflowType: Named };
  activityTaskScheduledEventAttributes?: { activityId: string; activityType: Named };
}
interface Recorded {
  readonly file: string;
  readonly history: { readonly events: readonly Event[] };
}

const readAll = (): readonly Recorded[] =>
  readdirSync(FOLDER).flatMap((release) =>
    readdirSync(join(FOLDER, release)).map((file) => ({
      file: `${release}/${file}`,
      history: JSON.parse(readFileSync(join(FOLDER, release, file), 'utf8')) as Recorded['history'],
    })),
  );

function startOf({ history }: Recorded) {
  const start = history.events[0]?.workflowExecutionStartedEventAttributes;
  if (start === undefined) throw new Error('a history begins with the start of its workflow');
  return start;
}

const activitiesOf = ({ history }: Recorded) =>
  history.events.flatMap(({ activityTaskScheduledEventAttributes: activity }) => activity ?? []);

/** By file, what its replay says; undefined where every step was the recorded one. */
async function replay(
  workflowBundle: { code: string },
  all: readonly Recorded[],
): Promise<Readonly<Record<string, Error | undefined>>> {
  const histories = all.map((recorded) => ({
    workflowId: startOf(recorded).workflowId,
    history: historyJson.read(recorded.history as unknown as HistoryJson),
  }));
  const verdicts: Record<string, Error | undefined> = {};
  let index = 0;
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories))
    verdicts[all[index++]?.file ?? ''] = error;
  return verdicts;
}

/** The same history, but for what `alter` does to its activities. */
function altered(recorded: Recorded, alter: (activities: { activityType: Named }[]) => void): Recorded {
  const twin = structuredClone(recorded);
  alter(activitiesOf(twin));
  return twin;
}

function lastRenamed(activities: { activityType: Named }[]): void {
  const last = activities.at(-1);
  if (last !== undefined) last.activityType = { name: 'anotherStep' };
}

function firstTwoSwapped(activities: { activityType: Named }[]): void {
  const [first] = activities;
  const other = activities.find(({ activityType }) => activityType.name !== first?.activityType.name);
  if (first === undefined || other === undefined) return;
  [first.activityType, other.activityType] = [other.activityType, first.activityType];
}

describe('the recorded histories', () => {
  const all = readAll();
  let bundle: { code: string };
  beforeAll(async () => {
    installQuietRuntime();
    bundle = await workflowBundle();
  });

  test('are many, and of both operations and all that surrounds them', () => {
    const count = (type: string) => all.filter((each) => startOf(each).workflowType.name === type).length;
    expect(all.length).toBeGreaterThanOrEqual(20);
    for (const operation of OPERATIONS) expect([operation, count(operation) >= 8]).toEqual([operation, true]);
    for (const type of OTHERS) expect([type, count(type) >= 2]).toEqual([type, true]);
  });

  test('are replayed by today’s workflows without another step', async () => {
    const verdicts = await replay(bundle, all);
    expect(Object.keys(verdicts)).toEqual(all.map(({ file }) => file));
    expect(Object.entries(verdicts).filter(([, error]) => error !== undefined)).toEqual([]);
  });

  test.each([
    ['whose last step has another name', lastRenamed],
    ['two of whose steps have changed places', firstTwoSwapped],
  ])('%s are rejected', async (_title, alter) => {
    const twins = all
      .map((each) => ({ each, twin: altered(each, alter) }))
      .filter(({ each, twin }) => JSON.stringify(each) !== JSON.stringify(twin));
    expect(twins.length).toBeGreaterThanOrEqual(20);
    const verdicts = await replay(
      bundle,
      twins.map(({ twin }) => twin),
    );
    const accepted = Object.entries(verdicts).filter(
      ([, error]) => !(error instanceof DeterminismViolationError),
    );
    expect(accepted).toEqual([]);
  });
});
