import { createServer, type AddressInfo } from 'node:net';

/** A port that was free a moment ago: whoever uses it must be ready to lose it and ask again. */
export const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: 0 }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
