import { startSimulator } from '../../../src/simulator/start-simulator';
import { Control, type FaultRule } from '../../rig/control';
import { expectSentence } from '../../rig/expect-sentence';
import { failureOf } from '../../rig/failure-of';
import { startRig } from '../../rig/start-rig';

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
export async function misbehavingServers(): Promise<void> {
  const sites = await Promise.all(KEYS.map(async (key) => ({ key, site: await startSimulator({}) })));
  const connections = sites.map(({ key, site: { vcenterUrl, applianceUrl, username, password } }) => {
    return [key, { vcenterUrl, applianceUrl, username, password, callDeadlineMs: 1_500 }] as const;
  });
  const rig = await startRig({ alsoConnected: () => Object.fromEntries(connections) });
  await Promise.all(
    sites.map(async ({ key, site }) => {
      const control = new Control(site.controlUrl);
      await control.fault({ operation: 'tasks.list', ...ruleOf(key) });
      const connection = `${rig.connection}-${key}`;
      const clone = await rig.snapflow.clone({
        connection,
        vm: 'web-01',
        snapshot: 'latest',
        name: 'refused',
      });
      const { type, exitCode, message } = await failureOf(clone);
      expect({ key, type, exitCode, message }).toMatchObject({ type: 'Unreachable', exitCode: 4 });
      expectSentence(message, `(connection ${connection})`, ...AT_PREPARE[key]);
      expect({ key, ledger: await control.ledger() }).toEqual({ key, ledger: [] });
    }),
  );
  await rig.stop();
  for (const { site } of sites) await site.stop();
}

const ruleOf = (key: Misbehaviour): Omit<FaultRule, 'operation'> =>
  key === 'never' ? { position: 'never' } : { position: 'after', action: key };
