import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

/** Operations of a round, all in flight at once. */
const IN_FLIGHT = 12;
/** Connections and timers come and go with the work: so many more are chance, and far fewer than one an operation. */
const BY_CHANCE = 5;

/** What this process holds open: worker, simulator and client of one environment. */
interface Held {
  readonly timers: number;
  readonly sockets: number;
  readonly listeners: number;
}

describe('a worker', () => {
  let env: ThreadEnvironment;
  const warnings: string[] = [];
  const onWarning = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);
  beforeAll(async () => {
    process.on('warning', onWarning);
    env = await openEnvironment({ as: 'threads' });
  });
  afterAll(async () => {
    await env.close();
    process.off('warning', onWarning);
  });

  test('holds no more, and asks no more for each operation, after many of them than after a few', async () => {
    await finishRound('first');
    const held = await heldAtRest();
    const asked = await callsOf('early', 'web-02');
    for (const round of ['second', 'third', 'fourth']) await finishRound(round);
    expect(await callsOf('late', 'web-03')).toEqual(asked);
    const { timers, sockets, listeners } = await heldAtRest();
    expect(held.sockets).toBeGreaterThan(0);
    expect(timers - held.timers).toBeLessThanOrEqual(BY_CHANCE);
    expect(sockets - held.sockets).toBeLessThanOrEqual(BY_CHANCE);
    expect(listeners).toBe(held.listeners);
    // Node warns of eleven listeners on one emitter or signal.
    expect(warnings).toEqual([]);
  });

  async function finishRound(round: string): Promise<void> {
    const clones = Array.from({ length: IN_FLIGHT }, (_, n) => cloned(`${round}-${n}`));
    await Promise.all(clones);
  }

  async function cloned(name: string, vm = 'web-01'): Promise<void> {
    const request = { connection: env.connection, vm, snapshot: 'latest', name };
    await (await env.snapflow.clone(request, { requestId: name })).result();
  }

  /** By operation; polls of the wait depend on the second and are left out. Of a machine of its own: clones alike share reads. */
  async function callsOf(name: string, vm: string): Promise<Readonly<Record<string, number>>> {
    const { calls: before } = await env.control.calls();
    await cloned(name, vm);
    const { calls: after } = await env.control.calls();
    return Object.fromEntries(
      Object.entries(after)
        .filter(([operation]) => operation !== 'tasks.list')
        .map(([operation, count]) => [operation, count - (before[operation] ?? 0)]),
    );
  }
});

/** After a moment in which what an operation leaves for the next second has ended. */
async function heldAtRest(): Promise<Held> {
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const resources = process.getActiveResourcesInfo();
  const count = (kind: RegExp) => resources.filter((resource) => kind.test(resource)).length;
  const listeners = process.eventNames().map((event) => process.listenerCount(event));
  return {
    timers: count(/^Timeout$/),
    sockets: count(/^TCPSocketWrap$/),
    listeners: listeners.reduce((sum, each) => sum + each, 0),
  };
}
