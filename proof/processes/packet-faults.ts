import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/environment/eventually';
import type { Plan } from '../judge/evidence/plan';
import type { DidFire, Fault } from './fault';
import type { Reached } from './firing-point';
import { losePackets, type Loss, type PacketFilter } from './packet-filter';
import type { RoundEnvironment } from './round-environment';
import { killWorker } from './strike-process';
import { names } from './window-points';
import { isDeleted, unless } from './window-sets';

/** Longer than start-to-close and safety wait together. */
const LASTS_MS: Record<Plan['profile'], number> = { test: 10_000, production: 60_000 };

const losing = (round: RoundEnvironment, loss: Loss): Promise<PacketFilter> =>
  losePackets(
    loss,
    round.hosts.map(({ url }) => Number(new URL(url).port)),
  );

const forAWhile =
  (loss: Loss) =>
  async (round: RoundEnvironment, reached: Reached): Promise<DidFire> => {
    const filter = await losing(round, loss);
    try {
      await reached.release('go-on');
      await sleep(LASTS_MS[round.plan.profile]);
    } finally {
      await filter.heal();
    }
    return async () => (await filter.dropped()) > 0;
  };

const lost = (title: string, loss: Loss): Fault => ({
  group: 'B',
  title,
  lastsMs: LASTS_MS.production,
  strike: forAWhile(loss),
});

/** The look before the POST comes first. */
const WRITTEN_WITHIN_MS = 10_000;
/** The kernel tries again after 0.2, 0.4, 0.8, 1.6 seconds. */
const DELIVERED_WITHIN_MS = 5_000;

/** The request stands in the kernel's buffer, its process dies, and the kernel delivers it. */
async function killWithRequestInKernel(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  const filter = await losing(round, 'data');
  try {
    await reached.release('go-on');
    await until(WRITTEN_WITHIN_MS, async () => (await filter.dropped()) > 0);
    await killWorker(round);
  } finally {
    await filter.heal();
  }
  // Of a process that is gone: what it had written before would have been dropped.
  const posts = async () => ((await round.control.calls()).calls[names(round).post] ?? 0) > 0;
  const wasDelivered = await until(DELIVERED_WITHIN_MS, posts);
  await round.startWorker();
  return () => wasDelivered === true;
}

/** Strikes that need a network namespace: tier 3 plays them. */
export const PACKET_FAULTS = {
  'packets-some': {
    ...lost('a quarter of all packets is lost, both ways', 'some'),
    impossible: (cell) => unless(!isDeleted(cell) && cell.window !== 'K23', 'only a packet or two follow'),
  },
  'packets-all': lost('no packet arrives, either way', 'all'),
  'packets-requests': lost('no packet of the worker arrives', 'requests'),
  'packets-replies': lost('no packet of vSphere arrives', 'replies'),
  'packets-data': {
    ...lost('connections stay, and no packet of the worker that carries data arrives', 'data'),
    impossible: (cell) => unless(!isDeleted(cell), 'the deletion, which is held, is the last call'),
  },
  'packets-data-killed': {
    group: 'B',
    title: 'the worker dies with the POST in its kernel, which delivers it afterwards',
    impossible: ({ window }) => unless(window === 'K10', 'no POST is about to be written'),
    strike: killWithRequestInKernel,
  },
} as const satisfies Record<string, Fault>;
