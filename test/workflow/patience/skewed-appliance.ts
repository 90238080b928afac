import { startSimulator } from '../../../src/simulator/start-simulator';
import { Control } from '../../rig/control';
import { expectSentence } from '../../rig/expect-sentence';
import { failureOf } from '../../rig/failure-of';
import { startRig } from '../../rig/start-rig';

/** An appliance whose clock is behind by more than an assertion forgives is refused, naming both clocks. */
export async function skewedAppliance(): Promise<void> {
  const skewed = await startSimulator({ release: '8.0.3.0', clockSkewMs: -12 * 60_000 });
  const { vcenterUrl, applianceUrl, username, password } = skewed;
  const rig = await startRig({
    alsoConnected: () => ({ skewed: { vcenterUrl, applianceUrl, username, password } }),
  });
  const connection = `${rig.connection}-skewed`;
  const clone = await rig.snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name: 'ci-1' });
  const { type, exitCode, message } = await failureOf(clone);
  expect({ type, exitCode, message }).toMatchObject({ type: 'Unauthenticated', exitCode: 4 });
  expectSentence(message, 'the clock of the snapshot appliance is 1', 'min', "behind vCenter's");
  const control = new Control(skewed.controlUrl);
  expect(await control.ledger()).toEqual([]);
  // One assertion for each attempt at most: a clock is no reason to log in again and again.
  expect((await control.calls()).calls['sts.issue']).toBeLessThanOrEqual(6);
  await rig.stop();
  await skewed.stop();
}
