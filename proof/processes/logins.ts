import type { DidFire } from './fault';
import type { RoundEnvironment } from './round-environment';

/** Whether anybody has had to log in since: a session that ended, and was never used again, met nobody. */
export async function loggedInSince({ control }: RoundEnvironment): Promise<DidFire> {
  const logins = async () => {
    const { calls } = await control.calls();
    return (calls['vcenter.login'] ?? 0) + (calls['appliance.login'] ?? 0);
  };
  const before = await logins();
  return async () => (await logins()) > before;
}
