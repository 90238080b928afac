import type { Call } from './operation';

export const SESSION_HEADER = 'vmware-api-session-id';

export function sessionSecret(call: Pick<Call, 'headers'>): string | undefined {
  const value = call.headers[SESSION_HEADER];
  return typeof value === 'string' ? value : undefined;
}
