/** Set by `npm test`, else by `start-temporal-server.ts` before the first test of a project that needs a server. */
export const ADDRESS_VARIABLE = 'SNAPFLOW_TEST_TEMPORAL_ADDRESS';

/** `host:port` of the Temporal server that all tests share: use task queues and workflow ids of your own. */
export const testServerAddress = (): string => {
  const address = process.env[ADDRESS_VARIABLE];
  if (!address)
    throw new Error(`${ADDRESS_VARIABLE} is not set: the jest project of this test lacks the globalSetup`);
  return address;
};
