import { startSimulator } from '../../../packages/simulator/src/start-simulator';
import { Control } from '../../rig/control';
import { startRig } from '../../rig/start-rig';
import { stopAfterwards } from '../../rig/stop-afterwards';
import { expectRefusal } from './expect-refusal';

/** An appliance whose clock is behind by more than an assertion forgives is refused, naming both clocks. */
export const skewedAppliance = (): Promise<void> =>
  stopAfterwards(async (stopped) => {
    const skewed = await stopped(startSimulator({ release: '8.0.3.0', clockSkewMs: -12 * 60_000 }));
    const { vcenterUrl, applianceUrl, username, password } = skewed;
    const rig = await stopped(
      startRig({ alsoConnected: () => ({ skewed: { vcenterUrl, applianceUrl, username, password } }) }),
    );
    await expectRefusal(rig, {
      key: 'skewed',
      type: 'Unauthenticated',
      says: ['the clock of the snapshot appliance is 1', 'min', "behind vCenter's"],
    });
    const control = new Control(skewed.controlUrl);
    expect(await control.ledger()).toEqual([]);
    // One assertion for each attempt at most: a clock is no reason to log in again and again.
    expect((await control.calls()).calls['sts.issue']).toBeLessThanOrEqual(6);
  });
