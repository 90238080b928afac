import { connect } from 'node:net';

/** A server that does not accept within this time would time out every call too. */
const LIMIT_MS = 5_000;

const parse = (address: string): { host: string; port: number } => {
  const url = URL.canParse(`tcp://${address}`) ? new URL(`tcp://${address}`) : undefined;
  if (!url?.hostname || !url.port) {
    throw new Error(`TEMPORAL_ADDRESS is "${address}": write it as host:port, for example 127.0.0.1:7233`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
};

/**
 * Resolves when something accepts connections at the address. TLS and credentials are not looked at: they are the business
 * of the connection made with them.
 */
export const reachAddress = async (address: string): Promise<void> => {
  const { host, port } = parse(address);
  const socket = connect({ host, port, timeout: LIMIT_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
      socket.once('timeout', () => reject(new Error('no answer')));
    });
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(
      `TEMPORAL_ADDRESS is "${address}", where no server answers (${reason}): start one there or unset the variable`,
      { cause: error },
    );
  } finally {
    socket.destroy();
  }
};
