import { findTemporal } from '../src/engine/find-temporal';
import { startDevServer, type DevServer } from '../src/engine/start-dev-server';
import { ADDRESS_VARIABLE } from './temporal-server';

declare global {
  var snapflowTestServer: DevServer | undefined;
}

/** jest's globalSetup: a server for a run that was not started by `npm test`, which brings its own. */
const startTemporalServer = async (): Promise<void> => {
  if (process.env[ADDRESS_VARIABLE]) return;
  const found = await findTemporal();
  if (found.kind === 'address') {
    process.env[ADDRESS_VARIABLE] = found.address;
    return;
  }
  globalThis.snapflowTestServer = await startDevServer({ binary: found.path });
  process.env[ADDRESS_VARIABLE] = globalThis.snapflowTestServer.address;
};

export default startTemporalServer;
