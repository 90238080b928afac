import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { notFound, type RunCall } from '../../../proof/simulation/temporal/not-found';
import { listedRuns } from '../../../src/contract/listed-runs';
import { isRunGone } from '../../../src/contract/run-gone';
import { testServerAddress } from '../../environment/addresses';

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: testServerAddress() });
});
afterAll(() => connection.close());

const WORKFLOW_ID = 'never-was';
const CALLS = ['describe', 'fetchHistory', 'terminate', 'cancel', 'result', 'executeUpdate'] as const;

function calledOn(namespace: string, runId: string, call: RunCall): Promise<Error> {
  const handle = new Client({ connection, namespace }).workflow.getHandle(WORKFLOW_ID, runId);
  const answer: Promise<unknown> =
    call === 'executeUpdate' ? handle.executeUpdate('resolve') : handle[call]();
  return answer.then(
    () => new Error('it was answered'),
    (error: Error) => error,
  );
}

function kindOf(error: Error) {
  const { code } = error as { code?: unknown };
  return { name: error.constructor.name, code };
}

test.each(CALLS)('%s of a run that never was: the real client throws what the fakes throw', async (call) => {
  const runId = randomUUID();
  const real = await calledOn('default', runId, call);
  expect(kindOf(real)).toEqual(kindOf(notFound(call, WORKFLOW_ID, runId)));
  expect(isRunGone(real)).toBe(true);
});

test.each(CALLS)('%s in a namespace that is not there: says nothing about a run', async (call) => {
  expect(isRunGone(await calledOn('no-such-namespace', randomUUID(), call))).toBe(false);
});

/** A worker's connection is another one than a caller's. */
test('a query by an attribute that the namespace does not have: the real worker is told so by the code 3', async () => {
  const native = await NativeConnection.connect({ address: testServerAddress() });
  const client = new Client({ connection: native });
  const listed = listedRuns(client, "NoSuchAttribute IN ('x') OR NoSuchAttribute IS NULL").next();
  await expect(listed).rejects.toMatchObject({ code: 3 });
  await native.close();
});
