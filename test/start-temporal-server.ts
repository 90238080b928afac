import { findTemporal } from '../packages/dev-server/src/find-temporal';
import type { DevServer } from '../packages/dev-server/src/start-dev-server';
import { startSnapflowServer } from './environment/start-snapflow-server';
import { ADDRESS_VARIABLE } from './environment/addresses';

declare global {
  var snapflowTestServer: DevServer | undefined;
}

/** jest's globalSetup: a server for a run that was not started by `npm test`, which brings its own. */
async function startTemporalServer(): Promise<void> {
  if (process.env[ADDRESS_VARIABLE]) return;
  const found = await findTemporal();
  if (found.kind === 'address') {
    process.env[ADDRESS_VARIABLE] = found.address;
    return;
  }
  globalThis.snapflowTestServer = await startSnapflowServer({ binary: found.path });
  process.env[ADDRESS_VARIABLE] = globalThis.snapflowTestServer.address;
}

export default startTemporalServer;
