import {
  type DevServerOptions,
  startDevServer,
  type DevServer,
} from '../../packages/dev-server/src/start-dev-server';
import { SEARCH_ATTRIBUTES, SERVER_SETTINGS } from '../../src/contract/operations';

/** A development server with Snapflow's search attributes and settings. */
export const startSnapflowServer = (options: DevServerOptions = {}): Promise<DevServer> =>
  startDevServer({
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    dynamicConfig: SERVER_SETTINGS,
    ...options,
  });
