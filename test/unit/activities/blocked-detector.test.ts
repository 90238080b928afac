import { BlockedDetector } from '../../../src/activities/await-task';
import type { Waited } from '../../../src/contract/activities';
import { VsphereError, type VsphereErrorKind, type WatchNews } from '../../../src/vsphere';

const BUDGET_MS = 3_600_000;
const MINUTE_MS = 60_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const failing = (kind: VsphereErrorKind): WatchNews => ({
  kind: 'blocked',
  error: new VsphereError(`it is ${kind}.`, {
    kind,
    effect: 'none',
    operation: 'tasks.get',
    host: 'appliance',
    remedy: 'x',
  }),
});

/** What a wait that shows as blocked already tells when it hears one of these a minute. */
function heard(kinds: readonly VsphereErrorKind[]): readonly Waited[] {
  const told: Waited[] = [];
  const blocked = { taskId: 't', runId: 'r', shown: true, unreadableBudgetMs: BUDGET_MS };
  const log = { error: () => undefined } as unknown as ConstructorParameters<typeof BlockedDetector>[1];
  const blockage = new BlockedDetector(blocked, log, (waited) => told.push(waited));
  for (const kind of kinds) {
    blockage.onUpdate(failing(kind));
    jest.advanceTimersByTime(MINUTE_MS);
  }
  return told;
}

const times = (count: number, kind: VsphereErrorKind) => Array.from({ length: count }, () => kind);

test('answers that nobody can read for the whole budget are an end of the wait, and no sooner', () => {
  expect(heard(times(60, 'malformed'))).toEqual([]);
  expect(heard(times(61, 'malformed'))).toEqual([
    { kind: 'unreadable', taskId: 't', runId: 'r', message: 'it is malformed.' },
  ]);
});

test('an outage is none, however long, also after an answer that could not be read', () => {
  expect(heard(['malformed', ...times(200, 'unreachable')])).toEqual([]);
  expect(heard([...times(59, 'malformed'), 'unreachable', ...times(59, 'malformed')])).toEqual([]);
});

describe('a wait that has changed often', () => {
  const LEAST_MS = 10 * MINUTE_MS;

  /** What it has told after each minute of these news. */
  function toldByMinute(shown: boolean, news: readonly WatchNews[]): readonly (readonly Waited['kind'][])[] {
    const told: Waited[] = [];
    const blocked = { taskId: 't', runId: 'r', shown, unreadableBudgetMs: BUDGET_MS, leastShownMs: LEAST_MS };
    const log = { error: () => undefined } as unknown as ConstructorParameters<typeof BlockedDetector>[1];
    const blockage = new BlockedDetector(blocked, log, (waited) => told.push(waited));
    return news.map((each) => {
      blockage.onUpdate(each);
      jest.advanceTimersByTime(MINUTE_MS);
      return told.splice(0).map(({ kind }) => kind);
    });
  }
  const progress = { kind: 'progress', info: {} } as WatchNews;
  const nothingFor = (minutes: number) => Array.from({ length: minutes }, () => []);

  test('shows as blocked only after its least time, although nothing is read', () => {
    const outage = Array.from({ length: 11 }, () => failing('unreachable'));
    expect(toldByMinute(false, outage)).toEqual([...nothingFor(10), ['blocked']]);
  });

  test('shows as going on only after its least time, although it is read', () => {
    expect(
      toldByMinute(
        true,
        Array.from({ length: 11 }, () => progress),
      ),
    ).toEqual([...nothingFor(10), ['unblocked']]);
  });
});
