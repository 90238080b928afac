import type { Connection } from '../../../src/activities/connection';
import { readAlike } from '../../../src/activities/plan-clone';
import type { LinkedCloneRequest } from '../../../src/contract/operations';

const REQUEST: LinkedCloneRequest = { vm: 'web-01', snapshot: 'nightly', name: 'ci-1' };

let reads = 0;
beforeEach(() => {
  reads = 0;
});
const connection = (): Connection => ({}) as Connection;
/** Reads the machine of a request, and answers how many reads there were then. */
const readOf = (of: Connection, siteId: string | undefined, request: LinkedCloneRequest) =>
  readAlike(of, siteId, request)('machine', {}, async () => (reads += 1));

test('clones that differ in their names only share what they read', async () => {
  const one = connection();
  await readOf(one, 'vcenter-1', REQUEST);
  expect(await readOf(one, 'vcenter-1', { ...REQUEST, name: 'ci-2' })).toBe(1);
});

test.each<[string, Partial<LinkedCloneRequest>]>([
  ['machine', { vm: 'web-02' }],
  ['cluster', { cluster: 'c-2' }],
  ['snapshot', { snapshot: 'weekly' }],
  ['folder', { folder: 'other' }],
  ['pool', { resourcePool: 'p-2' }],
  ['host', { host: 'h-2' }],
  ['power', { powerOn: true }],
])('one of another %s reads for itself', async (_what, change) => {
  const one = connection();
  await readOf(one, 'vcenter-1', REQUEST);
  expect(await readOf(one, 'vcenter-1', { ...REQUEST, ...change })).toBe(2);
});

test('nothing is shared with another site, with a site that is not known, or between connections', async () => {
  const one = connection();
  await readOf(one, 'vcenter-1', REQUEST);
  expect(await readOf(one, 'vcenter-2', REQUEST)).toBe(2);
  expect(await readOf(one, undefined, REQUEST)).toBe(3);
  expect(await readOf(one, undefined, REQUEST)).toBe(4);
  expect(await readOf(connection(), 'vcenter-1', REQUEST)).toBe(5);
});
