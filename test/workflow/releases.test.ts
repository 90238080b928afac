import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import type { RunningSimulator } from '../../packages/simulator/src/start-simulator';
import { omitUndefined } from '../../src/contract/omit-undefined';
import type { Effect } from '../environment/control';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

/** What `openssl s_client` shows to a person who pins the certificate. */
const thumbprintOf = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url);
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });

const authorityOf = ({ caFile }: RunningSimulator) => ({ ca: readFileSync(caFile ?? '', 'utf8') });
const pinOf = async ({ vcenterUrl }: RunningSimulator) => ({ thumbprint: await thumbprintOf(vcenterUrl) });

describe.each([
  ['8.0.3.0 over http', '8.0.3.0', false, undefined],
  ['9.0.0.0 over http', '9.0.0.0', false, undefined],
  ['9.1.0.0 over http', '9.1.0.0', false, undefined],
  ['8.0.3.0 over TLS with an authority', '8.0.3.0', true, authorityOf],
  ['9.1.0.0 over TLS with a thumbprint alone', '9.1.0.0', true, pinOf],
] as const)('on release %s', (_title, release, tls, trust) => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({
      as: 'threads',
      simulator: { release, tls },
      ...omitUndefined({ trust }),
    });
  });
  afterAll(() => env.close());
  afterEach(() => env.control.call('DELETE', '/faults'));

  const clone = (name: string) =>
    env.snapflow.clone({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name });
  const newEffects = async (before: readonly Effect[]) => (await env.control.ledger()).slice(before.length);

  test('a clone has one effect', async () => {
    const before = await env.control.ledger();
    const { vmId, taskId } = await (await clone('plain')).result();
    expect(await newEffects(before)).toEqual([
      expect.objectContaining({ kind: 'clone', name: 'plain', vm: 'vm-1001', resultVm: vmId, task: taskId }),
    ]);
  });

  test('a clone whose reply was lost is adopted, not repeated', async () => {
    const before = await env.control.ledger();
    await env.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
    const { vmId, taskId } = await (await clone('adopted')).result();
    expect(await env.control.faults()).toEqual([expect.objectContaining({ fired: 1 })]);
    expect(await newEffects(before)).toEqual([
      expect.objectContaining({ kind: 'clone', name: 'adopted', resultVm: vmId, task: taskId }),
    ]);
  });

  test('a revert has one effect and names its undo snapshot', async () => {
    const before = await env.control.ledger();
    const request = { connection: env.connection, vm: 'web-02', snapshot: 'nightly-0411' };
    const { taskId, undoSnapshotId } = await (await env.snapflow.revert(request)).result();
    expect(await newEffects(before)).toEqual([
      expect.objectContaining({ kind: 'snapshot', vm: 'vm-1002', snapshot: undoSnapshotId }),
      expect.objectContaining({ kind: 'revert', vm: 'vm-1002', task: taskId }),
    ]);
  });
});
