import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { assertPortFree } from '../../../../../src/cli/commands/dev/stack';

test('a port in use is named together with the option that chooses another, and is free again afterwards', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(assertPortFree('127.0.0.1', port, '--ui-port')).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another with --ui-port.`,
  );
  server.close();
  await once(server, 'close');
  await expect(assertPortFree('127.0.0.1', port, '--ui-port')).resolves.toBeUndefined();
});
