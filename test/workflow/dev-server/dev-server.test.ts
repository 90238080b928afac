import { Connection } from '@temporalio/client';
import { connect, createServer, type AddressInfo } from 'node:net';
import { startDevServer } from '../../../packages/dev-server/src/start-dev-server';

jest.setTimeout(120_000);

const accepts = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const url = new URL(`tcp://${address}`);
    const socket = connect(Number(url.port), url.hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

test('a started server has its namespace and its search attributes, and stop leaves nothing on its port', async () => {
  const server = await startDevServer({
    namespace: 'engine-test',
    uiPort: 0,
    searchAttributes: ['Colour', 'Size'],
  });
  try {
    const connection = await Connection.connect({ address: server.address });
    const described = await connection.workflowService.describeNamespace({ namespace: 'engine-test' });
    expect(described.namespaceInfo?.name).toBe('engine-test');
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'engine-test',
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['Colour', 'Size']));
    await connection.close();
    expect((await fetch(server.uiUrl!)).status).toBe(200);
  } finally {
    await server.stop();
  }
  expect(await accepts(server.address)).toBe(false);
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  await server.stop();
});

test('a fixed port that is taken is refused with the address and the reason', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    await expect(startDevServer({ port })).rejects.toThrow(
      new RegExp(`could not start at 127\\.0\\.0\\.1:${port}: .*address already in use`),
    );
  } finally {
    await new Promise((resolve) => taken.close(resolve));
  }
});
