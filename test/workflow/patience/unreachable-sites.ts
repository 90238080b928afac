import { startSimulator } from '../../../packages/simulator/src/start-simulator';
import { Control } from '../../environment/control';
import { UNUSED_ADDRESS } from '../../environment/addresses';
import { openEnvironment } from '../../environment/open-environment';
import { closingAll } from '../../environment/opened';
import { expectRefusal } from './expect-refusal';

/** Connection, then the failure's type and words: what is wrong, and the remedy. */
const EXPECTED = {
  'no-vcenter': ['Unreachable', 'ECONNREFUSED', 'check vcenterUrl and the network'],
  'no-appliance': ['Unreachable', 'ECONNREFUSED', 'check applianceUrl and the network'],
  'plain-to-tls': ['Unreachable', 'vcenter http://127.0.0.1', 'else give https in vcenterUrl'],
  'tls-to-plain': [
    'Unreachable',
    'the server does not speak TLS there',
    'check that vcenterUrl leads to a TLS port',
  ],
  untrusted: [
    'Unreachable',
    'signed by an authority that is not trusted here',
    'give that authority as caFile, or pin the certificate with thumbprint',
  ],
  swapped: ['Rejected', 'this server does not have the call (the server answered 404', 'vcenterUrl'],
} as const;

/** Sites that cannot be reached as configured are one sentence each, once the attempts are used up. */
export const unreachableSites = (): Promise<void> =>
  closingAll(async (opened) => {
    const tls = await opened.keep(startSimulator({ tls: true }), (each) => each.stop());
    const nobody = `http://${UNUSED_ADDRESS}`;
    const env = await opened.keep(
      openEnvironment({
        as: 'threads',
        alsoConnected: (simulator) => ({
          'no-vcenter': { vcenterUrl: nobody },
          'no-appliance': { applianceUrl: nobody },
          'plain-to-tls': { vcenterUrl: tls.vcenterUrl.replace('https', 'http') },
          'tls-to-plain': { vcenterUrl: simulator.vcenterUrl.replace('http', 'https') },
          untrusted: { vcenterUrl: tls.vcenterUrl },
          swapped: { vcenterUrl: simulator.applianceUrl, applianceUrl: simulator.vcenterUrl },
        }),
      }),
      (each) => each.close(),
    );
    await Promise.all(
      Object.entries(EXPECTED).map(([key, [type, ...says]]) =>
        expectRefusal(env, { key, type, says, isFinal: key === 'swapped' }),
      ),
    );
    for (const control of [env.control, new Control(tls.controlUrl)])
      expect(await control.ledger()).toEqual([]);
  });
