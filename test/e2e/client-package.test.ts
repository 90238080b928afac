import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { requestWorkflowId } from '../../src/contract/operations';
import { CLEAN_ENV } from '../environment/program';
import { testServerAddress } from '../environment/addresses';
import { UserFolder } from './installed-package';

/** An installation from npm's cache. */
jest.setTimeout(240_000);

/** Measured: 45 MB on disk; 47 packages in 33 entries of node_modules, where a scope is one. gRPC and protobuf bring 30 of them. */
const MAX_BYTES = 50_000_000;
const MAX_PACKAGES = 50;
const MAX_ENTRIES = 35;

const run = promisify(execFile);
const TASK_QUEUE = `client-package-${process.pid}`;

let user: UserFolder;
let client: Client;

beforeAll(async () => {
  user = await UserFolder.make();
  await user.install('packages/client');
  client = new Client({ connection: await Connection.connect({ address: testServerAddress() }) });
});

afterAll(async () => {
  await client?.connection.close();
  await user?.remove();
});

test('it is light', async () => {
  const packages = await user.installed();
  const entries = new Set(packages.map((path) => path.split('/')[1]));
  expect(packages.length).toBeLessThanOrEqual(MAX_PACKAGES);
  expect(entries.size).toBeLessThanOrEqual(MAX_ENTRIES);
  expect(await user.installedBytes()).toBeLessThanOrEqual(MAX_BYTES);
});

const START = `
const start = async ({ Snapflow, isSnapflowError }) => {
  const [address, taskQueue, requestId] = process.argv.slice(2);
  const snapflow = await Snapflow.connect({ address, taskQueue });
  await snapflow.clone({ vm: 'web-01', snapshot: 'latest', name: requestId }, { requestId });
  const refusal = await snapflow.clone({ vm: '', snapshot: 'latest', name: 'x' }).catch((error) => error);
  await snapflow.close();
  if (!isSnapflowError(refusal)) throw new Error('the refusal is no error of this library');
};
`;

test.each([
  ['required', 'caller.cjs', `${START}\nvoid start(require('snapflow-client'));`],
  [
    'imported',
    'caller.mjs',
    `import { createRequire } from 'node:module';\nimport * as library from 'snapflow-client';\n${START}
if (library.Snapflow !== createRequire(import.meta.url)('snapflow-client').Snapflow) throw new Error('there are two classes');
await start(library);`,
  ],
])('%s, it starts an operation', async (how, file, program) => {
  await writeFile(join(user.folder, file), program);
  const requestId = `client-package-${how}-${process.pid}`;
  const args = [file, testServerAddress(), TASK_QUEUE, requestId];
  await run(process.execPath, args, { cwd: user.folder, env: CLEAN_ENV, timeout: 60_000 });
  const handle = client.workflow.getHandle(requestWorkflowId('default', requestId));
  const { status, taskQueue } = await handle.describe();
  await handle.terminate('the test is over');
  expect({ status: status.name, taskQueue }).toEqual({ status: 'RUNNING', taskQueue: TASK_QUEUE });
});

const CONSUMER = `
import { Snapflow, OperationFailed, type CloneHandle } from 'snapflow-client';
export const make = async (name: string): Promise<string> => {
  const snapflow = await Snapflow.connect();
  const clone: CloneHandle = await snapflow.clone({ vm: 'web-01', snapshot: 'latest', name });
  return (await clone.result()).vmId;
};
export const isFailure = (error: unknown): boolean => error instanceof OperationFailed;
`;

test('its types resolve for CommonJS and for ES modules', async () => {
  const files = ['consumer.mts', 'consumer.cts'];
  for (const file of files) await writeFile(join(user.folder, file), CONSUMER);
  const tsc = join(__dirname, '../../node_modules/typescript/bin/tsc');
  const types = join(__dirname, '../../node_modules/@types');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
  const said = await run(
    process.execPath,
    [tsc, ...options, '--typeRoots', types, '--types', 'node', ...files],
    {
      cwd: user.folder,
    },
  ).catch((error: { stdout: string }) => error);
  expect(said.stdout).toBe('');
});
