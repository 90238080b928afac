import { startRig, type Rig } from '../rig/start-rig';

describe.each([
  ['10.0.0.0', '9.1.0.0'],
  ['v9.0.0', '9.0.0.0'],
  ['8.0.2\u001B[31m', '8.0.3.0'],
  ['8.0.3-24057802', '8.0.3.0'],
])('on an appliance that calls its release %j', (aboutVersion, release) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ simulator: { release, aboutVersion } });
  });
  afterAll(() => rig.stop());

  test('a clone has one effect', async () => {
    const request = { connection: rig.connection, vm: 'web-01', snapshot: 'latest', name: 'odd' } as const;
    const { vmId } = await (await rig.snapflow.clone(request)).result();
    expect(await rig.control.ledger()).toEqual([
      expect.objectContaining({ kind: 'clone', name: 'odd', resultVm: vmId }),
    ]);
  });
});
