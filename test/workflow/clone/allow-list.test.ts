import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

describe('a connection with an allow-list', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({
      as: 'threads',
      allow: { clusters: ['cluster-01'], sources: ['web-*'], clones: ['ci-*'], folders: ['clones', 'vm'] },
    });
  });
  afterAll(() => env.close());

  const clone = async (change: Record<string, unknown>) => {
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'ci-1', ...change };
    return (await env.snapflow.clone(request)).result();
  };

  test('lets through what it covers', async () => {
    await expect(clone({ folder: 'clones' })).resolves.toMatchObject({ name: 'ci-1' });
  });

  test.each([
    ['a source', { vm: 'app-01', name: 'ci-2' }, 'vm "app-01"'],
    ['a clone name', { name: 'prod-1' }, 'name "prod-1"'],
    ['a folder', { folder: 'production', name: 'ci-3' }, 'folder "production"'],
    ['a cluster', { vm: 'batch-01', name: 'ci-4', host: 'host-62' }, 'cluster "cluster-02"'],
  ])('refuses %s outside it, naming it, and changes nothing', async (_what, change, named) => {
    const before = await env.control.ledger();
    await expect(clone(change)).rejects.toMatchObject({
      failure: { type: 'NotAllowed', message: expect.stringContaining(named) },
    });
    expect(await env.control.ledger()).toEqual(before);
  });

  test('refuses a revert of a machine outside it, and its plan', async () => {
    const request = { connection: env.connection, vm: 'app-01', snapshot: 'latest' };
    const notAllowed = { failure: { type: 'NotAllowed' } };
    await expect(env.snapflow.planRevert(request)).rejects.toMatchObject(notAllowed);
    const revert = await env.snapflow.revert(request);
    await expect(revert.result()).rejects.toMatchObject(notAllowed);
  });
});
