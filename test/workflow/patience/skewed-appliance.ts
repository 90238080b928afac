import { startSimulator } from '../../../packages/simulator/src/start-simulator';
import { Control } from '../../environment/control';
import { openEnvironment } from '../../environment/open-environment';
import { closingAll } from '../../environment/opened';
import { expectRefusal } from './expect-refusal';

/** An appliance whose clock is behind by more than an assertion forgives is refused, naming both clocks. */
export const skewedAppliance = (): Promise<void> =>
  closingAll(async (opened) => {
    const skewed = await opened.keep(
      startSimulator({ release: '8.0.3.0', clockSkewMs: -12 * 60_000 }),
      (each) => each.stop(),
    );
    const { vcenterUrl, applianceUrl, username, password } = skewed;
    const env = await opened.keep(
      openEnvironment({
        as: 'threads',
        alsoConnected: () => ({ skewed: { vcenterUrl, applianceUrl, username, password } }),
      }),
      (each) => each.close(),
    );
    await expectRefusal(env, {
      key: 'skewed',
      type: 'Unauthenticated',
      says: ['the clock of the snapshot appliance is 1', 'min', "behind vCenter's"],
    });
    const control = new Control(skewed.controlUrl);
    expect(await control.ledger()).toEqual([]);
    // One assertion for each attempt at most: a clock is no reason to log in again and again.
    expect((await control.calls()).calls['sts.issue']).toBeLessThanOrEqual(6);
  });
