import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationSettings } from '../src/contract/operations';
import type { SimulatorAddress } from './simulated-vsphere';

/** Shorter than in production, so that the death of a worker is noticed while somebody watches. */
export const OPERATION = {
  heartbeatTimeoutMs: 3_000,
  startToCloseMs: 5_000,
  quarantineMs: 3_000,
} as const satisfies Partial<OperationSettings>;

/** A connection whose account lacks the privilege to clone. */
export const LIMITED_CONNECTION = 'limited';

/** Writes the file that `SNAPFLOW_CONFIG` names (JSON is YAML); only its owner may read it, since it holds passwords. */
export function writeWorkerConfig(folder: string, simulator: SimulatorAddress): string {
  const { vcenterUrl, applianceUrl, username, password, limitedUsername, limitedPassword } = simulator;
  const connection = (account: { username: string; password: string }) => ({
    vcenterUrl,
    applianceUrl,
    ...account,
    operation: OPERATION,
  });
  const connections = {
    default: connection({ username, password }),
    [LIMITED_CONNECTION]: connection({ username: limitedUsername, password: limitedPassword }),
  };
  const path = join(folder, 'snapflow.yaml');
  writeFileSync(path, JSON.stringify({ connections }, null, 2), { mode: 0o600 });
  return path;
}
