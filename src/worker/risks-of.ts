import { readableKey } from '../config/temporal-settings';
import type { WorkerConfig } from '../config/worker-config';
import type { CheckName } from '../contract/check';
import { configurationChecks } from './configuration-checks';

/** An allow-list is absent by default: `doctor` says so, a start does not. */
const UNSAID: readonly CheckName[] = ['allow-list'];

/** What is allowed, works, and is said at every start because it weakens a promise. */
export const risksOf = ({
  connections,
  temporal,
}: Pick<WorkerConfig, 'connections' | 'temporal'>): readonly string[] => {
  const readable = readableKey(temporal);
  const checks = connections
    .flatMap((connection) => configurationChecks(connection, connections))
    .filter(({ check, state }) => state !== 'ok' && !UNSAID.includes(check))
    .map(({ subject, message }) => `connection ${subject}: ${message}`);
  return readable === undefined ? checks : [readable, ...checks];
};
