import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

describe.each([
  ['10.0.0.0', '9.1.0.0'],
  ['v9.0.0', '9.0.0.0'],
  ['8.0.2\u001B[31m', '8.0.3.0'],
  ['8.0.3-24057802', '8.0.3.0'],
])('on an appliance that calls its release %j', (aboutVersion, release) => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads', simulator: { release, aboutVersion } });
  });
  afterAll(() => env.close());

  test('a clone has one effect', async () => {
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: 'odd' } as const;
    const { vmId } = await (await env.snapflow.clone(request)).result();
    expect(await env.control.ledger()).toEqual([
      expect.objectContaining({ kind: 'clone', name: 'odd', resultVm: vmId }),
    ]);
  });
});
