import { OperationFailed } from '../../src/client';
import type { Chapter } from '../environment';
import { LIMITED_CONNECTION } from '../environment';

const PRIVILEGE = 'VirtualMachine.Provisioning.Clone';

/** An account without one privilege is refused before anything changes. */
export const missingPrivilege: Chapter = {
  title: 'A missing privilege is found before anything changes',
  tell: async (env) => {
    const { narrator, snapflow, simulator, signal } = env;
    const callsBefore = await simulator.calls('linkedClone');
    const ledgerBefore = (await simulator.ledger()).length;
    const requestId = env.named('demo-3');
    const name = env.named('ci-43');
    const request = { connection: LIMITED_CONNECTION, vm: 'web-02', snapshot: 'latest', name };
    narrator.say(
      `clone ${request.vm} @ ${request.snapshot} -> ${name} as ${simulator.address.limitedUsername}`,
    );
    const clone = await snapflow.clone(request, { requestId, signal });
    env.showRun(clone);
    const error = await clone.result({ signal }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof OperationFailed))
      throw error ?? new Error(`The clone ${name} succeeded without ${PRIVILEGE}.`);
    const { type, message } = error.failure;
    narrator.say(`${type}: ${message}`);
    narrator.check(
      'the failure names the privilege and the object',
      type === 'PrivilegeMissing' && message.includes(PRIVILEGE) && /vm-\d+/.test(message),
      `${PRIVILEGE} on ${/vm-\d+/.exec(message)?.[0]}`,
    );
    const posts = (await simulator.calls('linkedClone')) - callsBefore;
    const effects = (await simulator.ledger()).length - ledgerBefore;
    narrator.check(
      'nothing was changed',
      posts === 0 && effects === 0,
      `clone calls: ${posts}, new effects: ${effects}`,
    );
    env.told.push({ requestId, about: { name }, outcome: 'refused', effects: [] });
  },
};
