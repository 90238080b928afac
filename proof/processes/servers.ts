import { startDevServer, type DevServer, type DevServerOptions } from 'snapflow-dev-server';
import { SEARCH_ATTRIBUTES, SERVER_SETTINGS } from '../../src/contract/operations';
import type { Plan } from '../judge/evidence/plan';
import { WORKFLOW_TASK_TIMEOUT } from './profile';

/** Starts a server for rounds of a profile; with a database file it can be killed and started again at its port. */
export const startServer = (
  profile: Plan['profile'],
  own: Pick<DevServerOptions, 'dbFile' | 'port' | 'searchAttributes'> = {},
): Promise<DevServer> =>
  startDevServer({
    dynamicConfig: {
      ...SERVER_SETTINGS,
      'history.defaultWorkflowTaskTimeout': WORKFLOW_TASK_TIMEOUT[profile],
    },
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    ...own,
  });

/** The servers that rounds share, one for each profile, started when the first round wants it. */
export class SharedServers {
  private readonly servers = new Map<Plan['profile'], Promise<DevServer>>();

  address(profile: Plan['profile']): Promise<string> {
    let server = this.servers.get(profile);
    if (server === undefined) {
      server = startServer(profile);
      this.servers.set(profile, server);
    }
    return server.then(({ address }) => address);
  }

  async stop(): Promise<void> {
    for (const server of this.servers.values()) await (await server).stop();
  }
}
