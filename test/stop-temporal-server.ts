/** jest's globalTeardown: stops the server that `start-temporal-server.ts` started, if it did. */
const stopTemporalServer = async (): Promise<void> => {
  await globalThis.snapflowTestServer?.stop();
};

export default stopTemporalServer;
