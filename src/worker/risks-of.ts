import type { ConnectionConfig, WorkerConfig } from '../config/worker-config';

/** What a quarantine has to outlast, see docs/decisions/0004-post-window.md. */
const WRITE_SHARE_OF_START = 0.3;
const CALL_DEADLINE_MS = 10_000;
const VISIBLE_WITHIN_MS = 15_000;

/** What is allowed, works, and is said at every start because it weakens a promise. */
export const risksOf = ({ connections }: Pick<WorkerConfig, 'connections'>): readonly string[] =>
  connections.flatMap((connection) => [...tlsRisk(connection), ...quarantineRisk(connection)]);

const tlsRisk = ({ vsphere: { name, tlsVerify } }: ConnectionConfig): readonly string[] =>
  tlsVerify === false
    ? [
        `connection ${name}: TLS certificates are not verified (tlsVerify is false): anybody in between can read the password`,
      ]
    : [];

function quarantineRisk({ vsphere: { name }, operation }: ConnectionConfig): readonly string[] {
  const { quarantineMs, startToCloseMs } = operation;
  const neededMs = startToCloseMs * WRITE_SHARE_OF_START + CALL_DEADLINE_MS + VISIBLE_WITHIN_MS;
  if (quarantineMs >= neededMs) return [];
  return [
    `connection ${name}: quarantineMs is ${quarantineMs}, below the ${neededMs} that a call in flight and a late task list can take: an appliance that is slower can be made to act twice`,
  ];
}
