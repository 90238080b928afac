/** jest's globalTeardown: stops the server that `start-temporal-server.ts` started, if it did. */
async function stopTemporalServer(): Promise<void> {
  await globalThis.snapflowTestServer?.stop();
}

export default stopTemporalServer;
