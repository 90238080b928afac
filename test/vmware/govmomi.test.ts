import { spawnSync } from 'node:child_process';
import { SIMULATED_RELEASES } from '../../packages/simulator/src/simulated-releases';
import { startSimulator } from '../../packages/simulator/src/start-simulator';
import type { RunningSimulator } from '../../packages/simulator/src/running-simulator';
import type { LedgerEntry } from '../../packages/simulator/src/world/ledger';
import { runToEnd } from '../../packages/dev-server/src/run-to-end';
import { CLEAN_ENV } from '../environment/program';
import { installGovmomi } from './installed-clients';

const GO = spawnSync('go', ['version']).status === 0;
const inGo = GO ? test : test.skip;
const skipped = GO ? '' : '(skipped: no go) ';
/** Some thirty calls on loopback, and a clone. */
const RUN_LIMIT_MS = 60_000;

/** What the program was told, and what that did to the site. */
interface Run {
  readonly told: Record<string, unknown>;
  readonly effects: readonly LedgerEntry[];
  readonly simulator: RunningSimulator;
}

async function runOn(release: string): Promise<Run> {
  const program = await installGovmomi();
  if (program === undefined) throw new Error('go has gone');
  const simulator = await startSimulator({ release, cloneMs: 100 });
  try {
    const env = {
      ...CLEAN_ENV,
      VCENTER_URL: simulator.vcenterUrl,
      APPLIANCE_URL: simulator.applianceUrl,
      VSPHERE_USERNAME: simulator.username,
      VSPHERE_PASSWORD: simulator.password,
      RELEASE: release,
    };
    const told = JSON.parse(await runToEnd(program, [], RUN_LIMIT_MS, { env })) as Run['told'];
    const effects = (await (await fetch(`${simulator.controlUrl}/ledger`)).json()) as LedgerEntry[];
    return { told, effects, simulator };
  } finally {
    await simulator.stop();
  }
}

describe.each(SIMULATED_RELEASES)("govmomi, VMware's Go client, on release %s", (release) => {
  let run: Run;
  if (GO)
    beforeAll(async () => {
      run = await runOn(release);
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
