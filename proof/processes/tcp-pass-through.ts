import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to the connections that come next. */
type ConnectionFault = 'refuse' | 'stall';

/** Stands before a host: bytes go through, unless the next connections are to meet a fault. */
export interface TcpPassThrough {
  readonly url: string;
  /** Cuts off every open connection; the next `count` ones meet the fault. */
  readonly strike: (fault: ConnectionFault, count: number) => void;
  /** What is left of the fault is called off. */
  readonly heal: () => void;
  /** How many connections have met a fault. */
  readonly struck: () => number;
  readonly stop: () => Promise<void>;
}

export async function startTcpPassThrough(target: string): Promise<TcpPassThrough> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let planned: { readonly fault: ConnectionFault; left: number } | undefined;
  let struck = 0;
  const server = createServer((socket) => {
    track(sockets, socket);
    if (planned !== undefined && planned.left > 0) {
      planned.left -= 1;
      struck += 1;
      // A listener cannot refuse single connections: reset at once is what a caller sees of a dead front end.
      if (planned.fault === 'refuse') socket.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    track(sockets, upstream);
    socket.pipe(upstream).pipe(socket);
    socket.once('close', () => upstream.destroy());
    upstream.once('close', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutOff = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    strike: (fault, count) => {
      planned = { fault, left: count };
      cutOff();
    },
    heal: () => {
      planned = undefined;
    },
    struck: () => struck,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      cutOff();
      await closed;
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
}
