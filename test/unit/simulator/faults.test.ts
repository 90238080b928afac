import { SimulatedSite, VM_SERVICE } from '../../simulator/simulated-site';

let site: SimulatedSite;
beforeEach(async () => {
  site = await SimulatedSite.start();
});
afterEach(() => site.stop());

const addFault = async (rule: object) =>
  expect((await site.control('POST', '/faults', rule)).status).toBe(201);
const linkedClone = async (name = 'ci-1') =>
  site.start('linked-clone', { snapshot: await site.snapshot('nightly-0412'), name });
const finishAll = () => site.clock.advance(60_000);
const cloneNames = async () => (await site.ledger('clone')).map((entry) => entry.name);

/** Waits for the simulator, which answers other connections, to see something; no longer than five seconds. */
async function eventually<Value>(read: () => Promise<Value | undefined>): Promise<Value> {
  const endMs = Date.now() + 5000;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > endMs) throw new Error('It did not happen within five seconds.');
  }
}
const calls = async (operation: string) => (await site.control('GET', '/calls')).body.calls[operation] ?? 0;
const firstHold = () => eventually(async () => (await site.control('GET', '/holds')).body[0]);

test('a clone refused before its effect leaves nothing', async () => {
  await addFault({
    operation: 'linkedClone',
    position: 'before',
    action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
  });
  const { status, body } = await linkedClone();
  expect([status, body.error_type]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  finishAll();
  expect(await site.ledger()).toEqual([]);
});

test('a status without an error type is answered without an error body', async () => {
  await addFault({ operation: 'linkedClone', action: { status: 500 } });
  const { status, body } = await linkedClone();
  expect([status, body]).toEqual([500, 'upstream error']);
});

const GATEWAY_BODIES = {
  text: ['text/plain', /upstream error/],
  empty: [null, /^$/],
  html: ['text/html', /403 answered by a gateway/],
  legacy: ['application/json', /^\{"type":"com\.vmware\.vapi\.std\.errors/],
} as const;

test.each(
  Object.entries(GATEWAY_BODIES).flatMap(([body, [type, text]]) => [
    ['before', body, type, text, []] as const,
    ['after', body, type, text, ['ci-1']] as const,
  ]),
)(
  'a gateway that answers 403 %s the effect, body %s: the ledger says what happened',
  async (position, body, type, text, expected) => {
    await addFault({
      operation: 'linkedClone',
      position,
      action: { status: 403, body, retryAfter: '7' },
      count: 1,
    });
    const reply = await linkedClone();
    expect([reply.status, reply.headers.get('content-type'), reply.headers.get('retry-after')]).toEqual([
      403,
      type,
      '7',
    ]);
    expect(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '')).toMatch(text);
    finishAll();
    expect(await cloneNames()).toEqual(expected);
  },
);

test.each([
  [{ status: 403, body: 'html', errorType: 'UNAUTHORIZED' }],
  [{ status: 403, messageId: 'too_many_matches' }],
  [{ status: 403, body: 'pdf' }],
])('an answer that contradicts itself is refused: %j', async (action) => {
  expect((await site.control('POST', '/faults', { operation: 'linkedClone', action })).status).toBe(400);
});

test('a reply may come compressed, or with a byte order mark', async () => {
  await addFault({ operation: 'linkedClone', position: 'after', action: 'gzip', count: 1 });
  expect((await linkedClone('ci-1')).headers.get('content-encoding')).toBe('gzip');
  await addFault({ operation: 'linkedClone', position: 'after', action: 'bom', count: 1 });
  expect((await linkedClone('ci-2')).status).toBe(202);
  finishAll();
  expect(await cloneNames()).toEqual(['ci-1', 'ci-2']);
});

test.each([
  ['before', []],
  ['after', ['ci-1']],
] as const)('a connection reset %s the effect: the ledger says %j', async (position, expected) => {
  await addFault({ operation: 'linkedClone', position, action: 'reset' });
  await expect(linkedClone()).rejects.toThrow();
  finishAll();
  expect(await cloneNames()).toEqual(expected);
});

test('an HTML page from a front end hides an effect that happened', async () => {
  await addFault({ operation: 'linkedClone', position: 'after', action: 'html' });
  const { status, headers } = await linkedClone();
  expect([status, headers.get('content-type')]).toEqual([502, 'text/html']);
  finishAll();
  expect(await cloneNames()).toEqual(['ci-1']);
});

test('a truncated reply announces more than it sends', async () => {
  await addFault({ operation: 'linkedClone', position: 'after', action: 'truncate' });
  await expect(linkedClone()).rejects.toThrow();
  finishAll();
  expect(await cloneNames()).toEqual(['ci-1']);
});

test('a huge reply is far longer than any real one', async () => {
  await addFault({ operation: 'about', action: 'huge' });
  const response = await fetch(`${site.simulator.applianceUrl}/api/snapservice/info/about`);
  const reader = response.body?.getReader();
  let bytes = 0;
  while (bytes < 2 * 1024 * 1024) bytes += (await reader?.read())?.value?.length ?? Number.NaN;
  await reader?.cancel();
  expect(bytes).toBeGreaterThan(1024 * 1024);
});

test('a dripping reply comes one byte at a time, as time goes by', async () => {
  await addFault({ operation: 'about', position: 'after', action: 'drip' });
  const response = await fetch(`${site.simulator.applianceUrl}/api/snapservice/info/about`);
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('{');
  site.clock.advance(250);
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('"');
  await reader?.cancel();
});

test('a redirect leads to the call itself, so that following it shows as a second call', async () => {
  await addFault({ operation: 'about', action: 'redirect', count: 1 });
  const { status, headers } = await site.appliance('/info/about');
  expect(status).toBe(307);
  expect(headers.get('location')).toBe(`${site.simulator.applianceUrl}/api/snapservice/info/about`);
});

test('a repeated call has its effect twice, caused by one call', async () => {
  await addFault({ operation: 'linkedClone', action: 'repeat' });
  expect((await linkedClone()).status).toBe(202);
  finishAll();
  const entries = await site.ledger('clone');
  expect(entries.map((entry) => entry.name)).toEqual(['ci-1', 'ci-1']);
  expect(new Set(entries.map((entry) => entry.call)).size).toBe(1);
});

test('a late effect happens after the caller was cut off', async () => {
  await addFault({ operation: 'linkedClone', position: 'late', action: 'reset', lateMs: 5000 });
  await expect(linkedClone()).rejects.toThrow();
  const tasks = async () => (await site.appliance(`/tasks?services=${VM_SERVICE}`)).body.items.length;
  site.clock.advance(4999);
  expect(await tasks()).toBe(0);
  site.clock.advance(1);
  expect(await tasks()).toBe(1);
});

test('a call that is never answered has no effect, and its connection stays open', async () => {
  await addFault({ operation: 'linkedClone', position: 'never' });
  const snapshot = await site.snapshot('nightly-0412');
  const giveUp = new AbortController();
  const path =
    '/api/snapservice/clusters/domain-c8/virtual-machines/vm-1001?action=linked-clone&vmw-task=true';
  const unanswered = fetch(`${site.simulator.applianceUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify({ snapshot, name: 'ci-1' }),
    signal: giveUp.signal,
  });
  await eventually(async () => ((await calls('linkedClone')) === 1 ? true : undefined));
  giveUp.abort();
  await expect(unanswered).rejects.toThrow('abort');
  finishAll();
  expect(await site.ledger()).toEqual([]);
});

test.each(['before', 'after'])('a delay %s the effect ends when its time has passed', async (position) => {
  await addFault({ operation: 'about', position, action: { delayMs: 3000 } });
  const answer = site.appliance('/info/about');
  await eventually(async () => ((await calls('about')) === 1 ? true : undefined));
  site.clock.advance(3000);
  expect((await answer).status).toBe(200);
});

test('a call held before its effect goes on when it is released, whether its caller waits or not', async () => {
  await addFault({ operation: 'linkedClone', position: 'before', action: 'hold' });
  const answer = linkedClone();
  const { hold, operation, call, vm } = await firstHold();
  expect({ operation, vm }).toEqual({ operation: 'linkedClone', vm: 'vm-1001' });
  expect((await site.control('POST', `/holds/${hold}/release`)).status).toBe(204);
  expect((await answer).status).toBe(202);
  finishAll();
  expect((await site.ledger('clone'))[0]?.call).toBe(call);
  expect((await site.control('POST', `/holds/${hold}/release`)).status).toBe(404);
});

test('a call held after its effect can be released with a reset', async () => {
  await addFault({ operation: 'linkedClone', position: 'after', action: 'hold' });
  const answer = expect(linkedClone()).rejects.toThrow();
  const { hold } = await firstHold();
  await site.control('POST', `/holds/${hold}/release`, { action: 'reset' });
  await answer;
  finishAll();
  expect(await cloneNames()).toEqual(['ci-1']);
});

test('a rule can change the world when the call arrives', async () => {
  const body = { name: 'ci-1', folder: 'vm', cluster: 'cluster-01' };
  await addFault({ operation: 'linkedClone', do: { method: 'POST', path: '/vms', body }, count: 1 });
  expect((await linkedClone()).body.error_type).toBe('ALREADY_EXISTS');
  expect((await site.control('GET', '/faults')).body[0]).toMatchObject({ fired: 1, doStatus: 201 });
});

test('a rule skips, counts and knows its VM', async () => {
  const action = { status: 500 };
  await addFault({ operation: 'snapshots.list', action, skip: 1, count: 1, vm: 'web-01' });
  const list = async (vm: string) =>
    (await site.appliance(`/clusters/domain-c8/virtual-machines/${vm}/snapshots`)).status;
  const statuses = [];
  for (const vm of ['vm-1002', 'vm-1001', 'vm-1001', 'vm-1001']) statuses.push(await list(vm));
  expect(statuses).toEqual([200, 200, 500, 200]);
  expect((await site.control('GET', '/faults')).body[0]).toMatchObject({ matched: 3, fired: 1 });
  await site.control('DELETE', '/faults');
  expect((await site.control('GET', '/faults')).body).toEqual([]);
});

test.each([
  [{ operation: 'nothing', action: 'reset' }, 'operation'],
  [{ operation: 'about', position: 'late', action: 'hold', lateMs: 1 }, 'late cuts the caller off'],
  [{ operation: 'about' }, 'needs an action or a do'],
  [{ operation: 'about', action: 'reset', lateMs: 1 }, 'lateMs goes with position late'],
])('the rule %j is refused, and the answer says why', async (rule, reason) => {
  const { status, body } = await site.control('POST', '/faults', rule);
  expect(status).toBe(400);
  expect(body.error).toContain(reason);
});

test('one seed gives one history of random faults, another seed another', async () => {
  const history = async (seed: number) => {
    const seeded = await SimulatedSite.start({ seed });
    await seeded.control('POST', '/faults', {
      operation: 'about',
      action: { status: 500 },
      probability: 0.5,
    });
    const statuses: number[] = [];
    for (let index = 0; index < 24; index++) statuses.push((await seeded.appliance('/info/about')).status);
    const ids = [await seeded.snapshot('nightly-0412'), await seeded.clone('ci-1')];
    await seeded.stop();
    return JSON.stringify([statuses, ids]);
  };
  expect(await history(7)).toBe(await history(7));
  expect(await history(7)).not.toBe(await history(8));
});
