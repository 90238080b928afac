import { omitUndefined } from '../../src/contract/omit-undefined';
import { join } from 'node:path';
import { median } from '../percentile';
import { cpuBetween, cpuOfAll, CPU_PARTS, type CpuMs } from '../cpu';
import { atLeast, atMost, rounded, type Measured, type Row } from '../row';
import { startCluster } from '../../test/cluster/start-cluster';
import type { ProcessEnvironment } from '../../test/environment/processes';
import { whenReady } from '../../test/environment/program';
import { BenchEnvironment, type Build } from '../bench-environment';

const CLONE_MS = 300;
const cloneBy = ({ called }: Build): string => `${called}: a whole clone`;
const UNIT = 'a workflow with one activity that does nothing';
const SHAPE = 'the engine alone: our lock and four activities that do nothing';
const WITHOUT_LOCK = 'the same without the lock';
const WITH_LOCAL = 'the same with check and verify as local activities';
const NAIVE = 'naive design: check, post, poll every 5 s, verify';

/** Runs of each in turn, so that whatever else the machine does hits all of them. */
export const throughput: Row = {
  name: 'throughput',
  question: 'How many whole clones a second does one worker do, beside what the engine itself does?',
  limitMs: 20 * 60_000,
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
  limitMs: 30 * 60_000,
  async measure({ builds }, quick): Promise<Measured> {
    const cluster = await startCluster();
    const bench = new BenchEnvironment(cluster, 'Temporal 1.31 on PostgreSQL 15', builds);
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

interface Round {
  readonly perSecond: number;
  /** Of one run. */
  readonly cpu: CpuMs;
}

async function measureThroughput(bench: BenchEnvironment, size: Size, wanted: number): Promise<Measured> {
  const { runs, inFlight, rounds } = size;
  const contestants = await contestantsOn(bench);
  const found = new Map<string, Round[]>(contestants.map(([who]) => [who, []]));
  // The first runs of each pay for what is loaded once.
  for (const each of contestants) await runMany(bench, each, { ...size, runs: inFlight }, 'warm');
  for (let round = 1; round <= rounds; round++)
    for (const each of round % 2 === 0 ? contestants : contestants.toReversed())
      found.get(each[0])?.push(await runMany(bench, each, size, String(round)));
  const rates = (who: string) => (found.get(who) ?? []).map(({ perSecond }) => perSecond);
  const cpuOf = (who: string, part: (cpu: CpuMs) => number) =>
    median((found.get(who) ?? []).map(({ cpu }) => part(cpu)));
  const ofUnit = (who: string) => median(rates(who)) / median(rates(UNIT));
  const timesUnit = (who: string) => cpuOf(who, cpuOfAll) / cpuOf(UNIT, cpuOfAll);
  const ours = cloneBy(bench.builds[0]!);
  return {
    columns: [
      'who',
      `per second (${runs} runs, ${inFlight} in flight, median of ${rounds})`,
      'lowest',
      'highest',
      'share of the unit',
      ...CPU_PARTS.map((part) => `${part}, CPU ms`),
      'all, CPU ms',
      'times the unit',
    ],
    lines: contestants.map(([who]) => [
      who,
      rounded(median(rates(who))),
      rounded(Math.min(...rates(who))),
      rounded(Math.max(...rates(who))),
      rounded(ofUnit(who)),
      ...CPU_PARTS.map((part) => rounded(cpuOf(who, (cpu) => cpu[part]))),
      rounded(cpuOf(who, cpuOfAll)),
      rounded(timesUnit(who)),
    ]),
    targets: [
      atLeast(`whole clones per workflow with one activity, on ${bench.server}`, ofUnit(ours), wanted, ''),
      atMost('CPU of a whole clone, all processes, over that of the unit', timesUnit(ours), 3, 'times'),
    ],
    notMeasured: [
      'a simulator on another machine: it takes its share of the two cores here',
      'more than one worker',
      'the CPU of a Temporal server that was started elsewhere: it reads as 0',
    ],
  };
}

type Contestant = readonly [who: string, run: (name: string) => Promise<unknown>];

async function contestantsOn(bench: BenchEnvironment): Promise<readonly Contestant[]> {
  const env = await openRates(bench, bench.builds[0]);
  const others = bench.builds.slice(1);
  const clones = [cloner(env)];
  for (const build of others) clones.push(cloner(await openRates(bench, build)));
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
  const measured: readonly Contestant[] = [
    ...bench.builds.map((build, n) => [cloneBy(build), clones[n]!] as const),
    [UNIT, execute('oneActivity')],
  ];
  // Two builds are compared with each other and the unit: the rest would only take time.
  if (others.length > 0) return measured;
  return [
    ...measured,
    ['an empty workflow', execute('empty')],
    [SHAPE, execute('lockAndFourActivities')],
    [WITHOUT_LOCK, execute('fourActivities')],
    [WITH_LOCAL, execute('lockAndTwoActivities')],
    [NAIVE, execute('naiveClone')],
  ];
}

/** Simulator and worker of a build. */
async function openRates(bench: BenchEnvironment, build: Build | undefined): Promise<ProcessEnvironment> {
  const flags = { 'clone-ms': CLONE_MS, 'max-clones': 2_000 };
  const env = await bench.open({ name: 'rate', flags, ...omitUndefined({ build }) });
  await env.startWorker();
  return env;
}

const cloner =
  ({ snapflow, connection }: ProcessEnvironment) =>
  async (name: string) => {
    const request = { connection, vm: 'web-01', snapshot: 'latest', name: `c-${name}` };
    const operation = await snapflow.clone(request, { requestId: `c-${name}` });
    return operation.result();
  };

async function runMany(
  bench: BenchEnvironment,
  [who, run]: Contestant,
  { runs, inFlight }: Size,
  round: string,
): Promise<Round> {
  const before = bench.cpuMs();
  const from = performance.now();
  let begun = 0;
  const oneAfterAnother = async () => {
    while (begun < runs) {
      const name = `${round}-${begun++}`;
      await bench.until(`${who} ${name}`, run(name));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, oneAfterAnother));
  const perSecond = runs / ((performance.now() - from) / 1_000);
  return { perSecond, cpu: cpuBetween(before, bench.cpuMs(), runs) };
}
