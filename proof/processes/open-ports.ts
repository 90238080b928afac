import { connect } from 'node:net';
import type { RoundEnvironment } from './round-environment';

/** Ports of the round's programs on which somebody still listens although all of them have ended. */
export async function openPorts({ site }: RoundEnvironment): Promise<readonly number[]> {
  const ports = [site.vcenterUrl, site.applianceUrl, site.controlUrl].map((url) => Number(new URL(url).port));
  const answers = await Promise.all(ports.map(isOpen));
  return ports.filter((_, index) => answers[index]);
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
