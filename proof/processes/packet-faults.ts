import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/environment/eventually';
import type { Plan } from '../judge/evidence/plan';
import type { DidFire, Fault, PlannedCell } from './fault';
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

/** The safety wait is over, the next POST gets through, and the kernel's next try for the first one is still to come. */
const pastSafetyWaitMs = ({ settings }: RoundEnvironment): number =>
  settings.startToCloseMs + settings.quarantineMs + 1_000;

const forAWhile =
  (loss: Loss, lastsMs = ({ plan }: RoundEnvironment): number => LASTS_MS[plan.profile]) =>
  async (round: RoundEnvironment, reached: Reached): Promise<DidFire> => {
    const filter = await losing(round, loss);
    try {
      await reached.release('go-on');
      await sleep(lastsMs(round));
    } finally {
      await filter.heal();
    }
    return async () => (await filter.dropped()) > 0;
  };

const lost = (title: string, loss: Loss): Fault => ({
  group: 'B',
  title,
  // Of one kind, as long again.
  lastsMs: 2 * LASTS_MS.production,
  strike: forAWhile(loss),
});

/** Other reads come before the POST. */
const WRITTEN_WITHIN_MS = 10_000;
/** The kernel tries again after 0.2, 0.4, 0.8, 1.6 seconds. */
const DELIVERED_WITHIN_MS = 5_000;

/** The POST stands in the kernel's buffer, its process dies, and the kernel delivers it. */
async function killWithPostInKernel(round: RoundEnvironment, reached: Reached): Promise<DidFire> {
  const filter = await losing(round, 'posts');
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

const noPostFollows = ({ window }: PlannedCell): string | undefined =>
  unless(window === 'K10', 'no POST is about to be written');

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
  'packets-post': {
    ...lost('all but the POST arrives, which stays in the kernel of the worker', 'posts'),
    impossible: noPostFollows,
    strike: async (round, reached) => {
      const didFire = await forAWhile('posts', pastSafetyWaitMs)(round, reached);
      // The kernel's pauses double: its next try for what nobody forgot comes before as long again has passed.
      await sleep(pastSafetyWaitMs(round));
      return didFire;
    },
  },
  'packets-post-killed': {
    group: 'B',
    title: 'the worker dies with the POST in its kernel, which delivers it afterwards',
    impossible: noPostFollows,
    strike: killWithPostInKernel,
  },
} as const satisfies Record<string, Fault>;
