import type { Server, Socket } from 'node:net';

/** Who is at the other end; unique among the connections that one server has open. */
function peer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** The TCP sockets of a server: over TLS a response has another one, which cannot be reset. */
export class RawSockets {
  private readonly byPeer = new Map<string, Socket>();

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const key = peer(socket);
      this.byPeer.set(key, socket);
      socket.once('close', () => {
        if (this.byPeer.get(key) === socket) this.byPeer.delete(key);
      });
    });
  }

  /** Ends the connection under this socket with a TCP reset. */
  reset(socket: Socket | null): void {
    const raw = socket && this.byPeer.get(peer(socket));
    if (raw && !raw.destroyed) raw.resetAndDestroy();
    socket?.destroy();
  }
}
