import { createServer } from 'node:net';

/**
 * Below the ports that Linux gives away by itself, so that nobody gets it who did not ask for it; and PostgreSQL keeps the
 * ports of the servers' ring in a smallint.
 */
const FIRST = 15_000;
const LAST = 32_000;
/** Hardly any is taken: more tries mean that none can be had. */
const TRIES = 50;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });

/** A free port of 127.0.0.1 that none of `taken` is. */
export async function freeLowPort(taken: readonly number[] = []): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`none of ${TRIES} ports from ${FIRST} to ${LAST} is free on 127.0.0.1`);
}
