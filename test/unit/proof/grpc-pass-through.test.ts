import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Connection } from '@temporalio/client';
import { grpcBody, grpcMessage } from '../../../proof/processes/grpc-message';
import { startGrpcPassThrough, type GrpcPassThrough } from '../../../proof/processes/grpc-pass-through';
import { rpcOf, UNAVAILABLE, type RpcRule } from '../../../proof/processes/rpc';
import { eventually } from '../../environment/eventually';

/** Answers every call with an empty message, which is a valid answer of any kind, and counts the calls. */
class FakeServer {
  readonly seen: { readonly method: string; readonly message: Buffer }[] = [];
  private readonly server: Http2Server = createServer();

  async start(): Promise<string> {
    this.server.on('stream', (stream: ServerHttp2Stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', () => undefined);
      stream.on('end', () => {
        const method = String(headers[':path']).replace(/^.*\//, '');
        this.seen.push({ method, message: grpcMessage(Buffer.concat(chunks)) });
        stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-trailer': 'kept' }));
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.end(grpcBody(Buffer.alloc(0)));
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }

  counted = (method: string): number => this.seen.filter((call) => call.method === method).length;
}

const METHOD = 'DescribeNamespace';
const rule = (moment: RpcRule['moment'], act: RpcRule['act'], skip = 0): RpcRule => ({
  moment,
  matches: rpcOf(METHOD),
  skip,
  act,
});

describe('a connection of the SDK through the pass-through', () => {
  let server: FakeServer;
  let link: GrpcPassThrough;
  let connection: Connection;
  const describeNamespace = (namespace = 'default') =>
    connection.workflowService.describeNamespace({ namespace });

  beforeEach(async () => {
    server = new FakeServer();
    link = await startGrpcPassThrough(await server.start());
    // The interceptors of the SDK would repeat what fails, and the counts would say nothing.
    connection = await Connection.connect({ address: link.address, interceptors: [] });
  });

  afterEach(async () => {
    await connection.close();
    await link.stop();
    server.stop();
  });

  test('without a rule: calls and their trailers go through', async () => {
    await expect(describeNamespace()).resolves.toBeDefined();
    expect(server.counted(METHOD)).toBe(1);
  });

  test('a call that is held before the server: it arrives when it is released', async () => {
    let release: (how: 'go-on') => void = () => undefined;
    const held = new Promise<void>((reached) => {
      link.add(
        rule('before', () => {
          reached();
          return new Promise((answer) => (release = answer));
        }),
      );
    });
    const call = describeNamespace();
    await held;
    expect(server.counted(METHOD)).toBe(0);
    release('go-on');
    await call;
    expect(server.counted(METHOD)).toBe(1);
  });

  test('a call lost before the server: the server never sees it', async () => {
    link.add(rule('before', () => 'lost'));
    await expect(describeNamespace()).rejects.toThrow();
    expect(server.counted(METHOD)).toBe(0);
  });

  test('a reply lost: the server has seen the call, and the connection heals', async () => {
    link.add(rule('after', () => 'lost'));
    await expect(describeNamespace()).rejects.toThrow();
    expect(server.counted(METHOD)).toBe(1);
    await eventually('the connection is there again', () =>
      describeNamespace().then(
        () => true,
        () => false,
      ),
    );
  });

  test('a call that is answered with UNAVAILABLE: the caller reads that status', async () => {
    link.add(rule('before', () => UNAVAILABLE));
    await expect(describeNamespace()).rejects.toMatchObject({ code: 14, details: 'planted: unavailable' });
  });

  test('a rule with a skip: it acts on that call and no other', async () => {
    link.add(rule('before', () => UNAVAILABLE, 1));
    await expect(describeNamespace()).resolves.toBeDefined();
    await expect(describeNamespace()).rejects.toMatchObject({ code: 14 });
    await expect(describeNamespace()).resolves.toBeDefined();
  });

  test('a rule that names bytes: it acts only on a call that holds them', async () => {
    link.add({ moment: 'before', matches: rpcOf(METHOD, 'other'), act: () => UNAVAILABLE });
    await expect(describeNamespace('default')).resolves.toBeDefined();
    await expect(describeNamespace('other')).rejects.toMatchObject({ code: 14 });
  });

  test('a server that is gone: its callers lose their connection too', async () => {
    await describeNamespace();
    server.stop();
    const nobody = await startGrpcPassThrough('127.0.0.1:1');
    await expect(Connection.connect({ address: nobody.address, connectTimeout: 2_000 })).rejects.toThrow();
    await nobody.stop();
  });
});
