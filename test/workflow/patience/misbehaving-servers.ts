import { startSimulator } from '../../../packages/simulator/src/start-simulator';
import { Control, type FaultRule } from '../../environment/control';
import { openEnvironment } from '../../environment/open-environment';
import { closingAll } from '../../environment/opened';
import { expectRefusal } from './expect-refusal';

/** What the failure says of a server that does it before the start, and the remedy. */
const AT_PREPARE = {
  html: [
    'the server answered 502 without an error of this API',
    'check that applianceUrl leads to the right server',
  ],
  truncate: ['the reply broke off after', 'try again'],
  huge: ['the reply is larger than 8388608 bytes', 'check that applianceUrl leads to the right server'],
  never: ['no whole answer after 1500 ms', 'check that applianceUrl leads to the right server'],
} as const;
type Misbehaviour = keyof typeof AT_PREPARE;
const KEYS = Object.keys(AT_PREPARE) as Misbehaviour[];

/** A server that misbehaves before the start fails it with one sentence after the attempts, without an effect. */
export const misbehavingServers = (): Promise<void> =>
  closingAll(async (opened) => {
    const sites = await Promise.all(
      KEYS.map(async (key) => ({ key, site: await opened.keep(startSimulator({}), (each) => each.stop()) })),
    );
    const connections = sites.map(
      ({ key, site: { vcenterUrl, applianceUrl, username, password } }) =>
        [key, { vcenterUrl, applianceUrl, username, password, callDeadlineMs: 1_500 }] as const,
    );
    const env = await opened.keep(
      openEnvironment({ as: 'threads', alsoConnected: () => Object.fromEntries(connections) }),
      (each) => each.close(),
    );
    await Promise.all(
      sites.map(async ({ key, site }) => {
        const control = new Control(site.controlUrl);
        await control.fault({ operation: 'tasks.list', ...ruleOf(key) });
        await expectRefusal(env, { key, type: 'Unreachable', says: AT_PREPARE[key] });
        expect({ key, ledger: await control.ledger() }).toEqual({ key, ledger: [] });
      }),
    );
  });

const ruleOf = (key: Misbehaviour): Omit<FaultRule, 'operation'> =>
  key === 'never' ? { position: 'never' } : { position: 'after', action: key };
