import { join } from 'node:path';
import { median } from '../percentile';
import { atLeast, rounded, type Measured, type Row } from '../row';
import { startCluster } from '../../test/cluster/start-cluster';
import { whenReady } from '../../test/environment/program';
import { BenchEnvironment } from '../bench-environment';

const CLONE_MS = 300;
const CLONES = 'snapflow: a whole clone';
const UNIT = 'a workflow with one activity that does nothing';
const SHAPE = 'the engine alone: our lock and four activities that do nothing';
const WITHOUT_LOCK = 'the same without the lock';
const WITH_LOCAL = 'the same with check and verify as local activities';
const NAIVE = 'naive design: check, post, poll every 5 s, verify';

/** Runs of each in turn, so that whatever else the machine does hits all of them. */
export const throughput: Row = {
  name: 'throughput',
  question: 'How many whole clones a second does one worker do, beside what the engine itself does?',
  measure: (bench, quick) =>
    measureThroughput(
      bench,
      quick ? { runs: 30, inFlight: 30, rounds: 2 } : { runs: 300, inFlight: 100, rounds: 3 },
      0.5,
    ),
};

/** The same on the server that a team runs: Temporal's own, with its database on disk. */
export const throughputPostgresql: Row = {
  name: 'throughput-postgresql',
  question: 'The same on Temporal 1.31 with PostgreSQL, both on these two cores?',
  async measure(_stack, quick): Promise<Measured> {
    const cluster = await startCluster();
    const bench = new BenchEnvironment(cluster, 'Temporal 1.31 on PostgreSQL 15');
    try {
      return await measureThroughput(
        bench,
        quick ? { runs: 20, inFlight: 20, rounds: 1 } : { runs: 150, inFlight: 50, rounds: 3 },
        0.35,
      );
    } finally {
      await bench.close();
      await cluster.stop();
    }
  },
};

interface Size {
  /** Of each contestant in each round. */
  readonly runs: number;
  /** Whenever one ends the next is asked for: a rate, not the time of the slowest. */
  readonly inFlight: number;
  readonly rounds: number;
}

async function measureThroughput(bench: BenchEnvironment, size: Size, wanted: number): Promise<Measured> {
  const { runs, inFlight, rounds } = size;
  const contestants = await contestantsOn(bench);
  const rates = new Map<string, number[]>();
  // The first runs of each pay for what is loaded once.
  for (const [, run] of contestants) await rateOfRuns((n) => run(`warm-${n}`), { ...size, runs: inFlight });
  for (let round = 1; round <= rounds; round++) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const [who, run] of order) {
      const perSecond = await rateOfRuns((n) => run(`${round}-${n}`), size);
      rates.set(who, [...(rates.get(who) ?? []), perSecond]);
    }
  }
  const rateOf = (who: string) => median(rates.get(who) ?? []);
  return {
    columns: [
      'who',
      `per second (${runs} runs, ${inFlight} in flight, median of ${rounds})`,
      'lowest',
      'highest',
      'share of the unit',
    ],
    lines: contestants.map(([who]) => {
      const all = rates.get(who) ?? [];
      return [
        who,
        rounded(rateOf(who)),
        rounded(Math.min(...all)),
        rounded(Math.max(...all)),
        rounded(rateOf(who) / rateOf(UNIT)),
      ];
    }),
    targets: [
      atLeast(
        `whole clones per workflow with one activity, on ${bench.server}`,
        rateOf(CLONES) / rateOf(UNIT),
        wanted,
        '',
      ),
    ],
    notMeasured: [
      'a simulator on another machine: it takes its share of the two cores here',
      'more than one worker',
    ],
  };
}

type Contestant = readonly [who: string, run: (name: string) => Promise<unknown>];

async function contestantsOn(bench: BenchEnvironment): Promise<readonly Contestant[]> {
  const env = await bench.open({
    name: 'rate',
    flags: { 'clone-ms': CLONE_MS, 'max-clones': 2_000 },
  });
  await env.startWorker();
  const { vcenterUrl, applianceUrl, username, password } = env.site;
  const site = JSON.stringify({ vcenterUrl, applianceUrl, username, password });
  const taskQueue = `${env.taskQueue}-peers`;
  await whenReady(
    env.start(['--import', 'tsx', join(__dirname, '..', 'peers', 'worker.ts')], {
      SNAPFLOW_TASK_QUEUE: taskQueue,
      BENCH_SITE: site,
    }),
    /peer ready/,
  );
  const { workflow } = env.temporal;
  const execute = (type: string) => (name: string) =>
    workflow.execute(type, {
      taskQueue,
      workflowId: `${taskQueue}-${type}-${name}`,
      args: [`${type}-${name}`],
    });
  const clone = async (name: string) => {
    const request = {
      connection: env.connection,
      vm: 'web-01',
      snapshot: 'latest',
      name: `c-${name}`,
    };
    const operation = await env.snapflow.clone(request, { requestId: `c-${name}` });
    return operation.result();
  };
  return [
    [CLONES, clone],
    ['an empty workflow', execute('empty')],
    [UNIT, execute('oneActivity')],
    [SHAPE, execute('lockAndFourActivities')],
    [WITHOUT_LOCK, execute('fourActivities')],
    [WITH_LOCAL, execute('lockAndTwoActivities')],
    [NAIVE, execute('naiveClone')],
  ];
}

async function rateOfRuns(run: (n: number) => Promise<unknown>, { runs, inFlight }: Size): Promise<number> {
  const from = performance.now();
  let begun = 0;
  const oneAfterAnother = async () => {
    while (begun < runs) await run(begun++);
  };
  await Promise.all(Array.from({ length: inFlight }, oneAfterAnother));
  return runs / ((performance.now() - from) / 1_000);
}
