import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Listens on the port for a moment, so that a port in use is named before anything starts. 0 is always free.
 * @param option the option that chooses another port
 */
export const assertPortFree = async (host: string, port: number, option: string): Promise<void> => {
  if (port === 0) return;
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use: stop what listens there' : `cannot be used (${code})`;
    throw new Error(`Port ${port} on ${host} ${why}, or choose another with ${option}.`, { cause: error });
  } finally {
    server.close();
  }
};
