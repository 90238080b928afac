import { join } from 'node:path';
import { findTemporal, startDevServer } from 'snapflow-dev-server';
import { SEARCH_ATTRIBUTES, SERVER_SETTINGS } from '../src/contract/operations';

/** The Temporal server of the demo: the one at `TEMPORAL_ADDRESS`, else one of its own. */
export interface Temporal {
  readonly address: string;
  readonly namespace: string;
  /** False for the server at `TEMPORAL_ADDRESS`: it keeps what earlier demos left, and is not stopped. */
  readonly isOurs: boolean;
  /** Absent where it is not known. */
  readonly uiUrl?: string;
  /** The variables with which every program of the demo finds it. */
  readonly env: NodeJS.ProcessEnv;
  /** Of the server that was started, if one was. */
  readonly pid?: number;
  readonly stop: () => Promise<void>;
}

export async function openTemporal(folder: string, env: NodeJS.ProcessEnv): Promise<Temporal> {
  const found = await findTemporal({ env });
  if (found.kind === 'address') {
    const namespace = env['TEMPORAL_NAMESPACE'] || 'default';
    const ours = without(env, /^(VSPHERE|SNAPFLOW)_/);
    return { address: found.address, namespace, isOurs: false, env: ours, stop: async () => {} };
  }
  const server = await startDevServer({
    binary: found.path,
    uiPort: 0,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    dynamicConfig: SERVER_SETTINGS,
  });
  const { address, namespace, uiUrl, pid } = server;
  return {
    address,
    namespace,
    isOurs: true,
    pid,
    ...(uiUrl === undefined ? {} : { uiUrl }),
    env: {
      // What leads to another server, or encrypts the way to it, is not meant for this one.
      ...without(env, /^(VSPHERE|SNAPFLOW|TEMPORAL)_/),
      TEMPORAL_ADDRESS: address,
      TEMPORAL_CONFIG_FILE: join(folder, 'no-temporal.toml'),
    },
    stop: () => server.stop(),
  };
}

const without = (env: NodeJS.ProcessEnv, names: RegExp): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.test(name)));
