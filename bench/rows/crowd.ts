import { median } from '../percentile';
import { atMost, rounded, type Measured, type Row, type Target } from '../row';
import type { BenchEnvironment, Build } from '../bench-environment';
import { idleMs, inversions, type Slot } from './crowd-schedule';

/** Clones that the appliance takes at a time, how long each takes, and how many are asked for at once. */
interface Crowd {
  readonly atOnce: number;
  readonly cloneMs: number;
  readonly clones: number;
  /** Wall over ideal. The end of each task is seen a moment late, which short tasks feel more. */
  readonly wanted: number;
}

const CROWDS: readonly Crowd[] = [
  { atOnce: 2, cloneMs: 2_000, clones: 34, wanted: 1.4 },
  { atOnce: 4, cloneMs: 10_000, clones: 40, wanted: 1.15 },
  { atOnce: 8, cloneMs: 5_000, clones: 200, wanted: 1.25 },
];

interface Found {
  readonly wallMs: number;
  readonly idleMs: number;
  readonly inversions: number;
  readonly startsPerClone: number;
  readonly eventsPerClone: number;
}

export const crowd: Row = {
  name: 'crowd',
  question:
    'How well is an appliance used that takes few clones at a time, and are those served who asked first?',
  limitMs: 60 * 60_000,
  async measure(bench, quick): Promise<Measured> {
    const lines: (string | number)[][] = [];
    const targets: Target[] = [];
    for (const each of quick ? CROWDS.slice(0, 1) : CROWDS) {
      const idealMs = Math.ceil(each.clones / each.atOnce) * each.cloneMs;
      const what = `${each.clones} clones of ${each.cloneMs / 1_000} s, ${each.atOnce} at a time`;
      for (const build of bench.builds) {
        const found = await served(bench, build, each);
        const ratio = found.wallMs / idealMs;
        lines.push([
          what,
          build.called,
          rounded(found.wallMs / 1_000),
          rounded(ratio),
          rounded(found.idleMs / 1_000),
          found.inversions,
          rounded(found.startsPerClone),
          found.eventsPerClone,
        ]);
        if (build !== bench.builds[0]) continue;
        targets.push(
          atMost(`${what}: wall over ideal`, ratio, each.wanted, 'times'),
          atMost(`${what}: longest time with room while one waits`, found.idleMs / 1_000, 1.5, 's'),
          atMost(`${what}: starts of a clone`, found.startsPerClone, 1.1, ''),
          atMost(`${what}: events of a clone, median`, found.eventsPerClone, 45, 'events'),
        );
      }
    }
    return {
      columns: [
        'crowd',
        'who',
        'wall s',
        'wall over ideal',
        'longest time with room while one waits, s',
        'inversions',
        'starts of a clone',
        'events of a clone, median',
      ],
      lines,
      targets,
      notMeasured: ['two teams beside each other', 'a limit that other clients use up', 'PostgreSQL'],
    };
  },
};

async function served(bench: BenchEnvironment, build: Build, crowd: Crowd): Promise<Found> {
  const { atOnce, cloneMs, clones } = crowd;
  const env = await bench.open({
    name: 'crowd',
    flags: { 'clone-ms': cloneMs, 'max-clones': atOnce },
    build,
  });
  await env.startWorker();
  const from = Date.now();
  const asked: string[] = [];
  const ends: Promise<unknown>[] = [];
  for (let n = 0; n < clones; n++) {
    const name = `c-${n}`;
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name };
    const clone = await env.snapflow.clone(request, { requestId: name });
    asked.push(clone.workflowId);
    ends.push(bench.until(`${build.called} ${name}`, clone.result()));
  }
  await Promise.all(ends);
  const wallMs = Date.now() - from;
  const ledger = await env.control.ledger();
  const slots = ledger
    .filter(({ kind }) => kind === 'clone')
    .map(({ name = '', at }): Slot => ({
      asked: Number(name.slice('c-'.length)),
      fromMs: Date.parse(at) - cloneMs,
      untilMs: Date.parse(at),
    }));
  const histories = await Promise.all(asked.map((id) => env.temporal.workflow.getHandle(id).fetchHistory()));
  const starts = histories.flatMap(({ events }) =>
    (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'startLinkedClone',
    ),
  );
  return {
    wallMs,
    idleMs: idleMs(slots, atOnce),
    inversions: inversions(slots),
    startsPerClone: starts.length / clones,
    eventsPerClone: median(histories.map(({ events }) => events?.length ?? 0)),
  };
}
