import type { Server, Socket } from 'node:net';

/** How often each operation was called, and how many connections were open at once at most. */
export class CallCounts {
  private byOperation = new Map<string, number>();
  private readonly open = new Set<Socket>();
  private peak = 0;

  count(operation: string): void {
    this.byOperation.set(operation, (this.byOperation.get(operation) ?? 0) + 1);
  }

  /** Counts the connections of a server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      this.peak = Math.max(this.peak, this.open.size);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  reset(): void {
    this.byOperation = new Map();
    this.peak = this.open.size;
  }

  describe() {
    return {
      calls: Object.fromEntries(this.byOperation),
      openConnections: this.open.size,
      peakConnections: this.peak,
    };
  }
}
