import type { DevServerOptions } from '../../packages/dev-server/src/dev-server-options';
import { startDevServer, type DevServer } from '../../packages/dev-server/src/start-dev-server';
import { SEARCH_ATTRIBUTES } from '../../src/contract/operations';

/** A development server that knows Snapflow's search attributes. */
export const startSnapflowServer = (options: DevServerOptions = {}): Promise<DevServer> =>
  startDevServer({ searchAttributes: Object.values(SEARCH_ATTRIBUTES), ...options });
