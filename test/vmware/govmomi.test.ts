import { spawnSync } from 'node:child_process';
import { SIMULATED_RELEASES } from '../../packages/simulator/src/world/releases';
import { installGovmomi } from './installed-clients';
import { runOnSimulator, type Run } from './on-simulator';

const GO = spawnSync('go', ['version']).status === 0;
const inGo = GO ? test : test.skip;
const skipped = GO ? '' : '(skipped: no go) ';
describe.each(SIMULATED_RELEASES)("govmomi, VMware's Go client, on release %s", (release) => {
  let run: Run;
  if (GO)
    beforeAll(async () => {
      run = await runOnSimulator(release, (await installGovmomi()) ?? 'go has gone');
    });

  inGo(`${skipped}reads by VI/JSON what the server is and who may do what, and knows its faults`, () => {
    expect(run.told).toMatchObject({
      about: { apiType: 'VirtualCenter', apiVersion: release, uuid: expect.stringMatching(/^[\da-f-]{36}$/) },
      granted: { entity: 'vm-1001', privileges: [{ privId: 'System.Read', isGranted: true }] },
      faultOfMissing: 'types.ManagedObjectNotFound',
      faultAfterLogout: 'types.NotAuthenticated',
    });
  });

  inGo(`${skipped}logs in by REST, finds a machine, and is told a missing one and a wrong password`, () => {
    expect(run.told).toMatchObject({
      restUser: run.simulator.username,
      vms: [{ VM: 'vm-1001', Name: 'web-01' }],
      missingIs404: true,
      sessionAfterLogout: null,
      wrongPasswordIs401: true,
    });
  });

  inGo(`${skipped}gets a token that logs in at vCenter and signs a clone on the appliance`, () => {
    expect(run.told).toMatchObject({
      tokenLasts: '30m0s',
      wrongTokenRequest: 'ns0:FailedAuthentication: Invalid credentials',
      tokenUser: run.simulator.username,
      takenName: expect.stringContaining('"error_type":"ALREADY_EXISTS"'),
    });
    const { task, clone: resultVm } = run.told;
    expect(run.effects).toMatchObject([{ kind: 'clone', name: 'by-govmomi', task, resultVm }]);
  });
});
