/** Set by `npm test`, else by `start-temporal-server.ts` before the first test of a project that needs a server. */
export const ADDRESS_VARIABLE = 'SNAPFLOW_TEST_TEMPORAL_ADDRESS';

/** `host:port` of the Temporal server that all tests share: use task queues and workflow ids of your own. */
export function testServerAddress(): string {
  const address = process.env[ADDRESS_VARIABLE];
  if (!address)
    throw new Error(`${ADDRESS_VARIABLE} is not set: the jest project of this test lacks the globalSetup`);
  return address;
}

/**
 * An address that refuses connections for as long as a test runs. A port that was free a moment ago may be another
 * suite's a moment later. This one is privileged, and no system hands it out.
 */
export const UNUSED_ADDRESS = '127.0.0.1:1';
