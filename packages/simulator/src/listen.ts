import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { OptionError } from './option-error';

const LOOPBACK = '127.0.0.1';

/** Listens on loopback and returns the URL; `OptionError` when the port cannot be had. */
export async function listen(
  app: FastifyInstance,
  flag: string,
  port: number,
  isTls: boolean,
): Promise<string> {
  try {
    await app.listen({ host: LOOPBACK, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code ?? 'unknown reason'})`;
    throw new OptionError(`${flag} ${port} ${reason}: choose another port, or 0 for a free one.`);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return `${isTls ? 'https' : 'http'}://${LOOPBACK}:${taken}`;
}
