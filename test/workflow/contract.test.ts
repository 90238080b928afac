import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowFailedError, WorkflowStartOptions } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { RequestConflict } from '../../src/client';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { OPERATIONS, WORKFLOWS } from '../../src/contract/operations';
import { requestDigest } from '../../src/request/identity';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

jest.setTimeout(60_000);

let env: ThreadEnvironment;
beforeAll(async () => {
  env = await openEnvironment({ as: 'threads' });
});
afterAll(async () => {
  await env?.close();
});

let number = 0;
/** A start as the contract has it, and what makes it another one. */
function start(change: Partial<WorkflowStartOptions> = {}, request: Record<string, unknown> = {}) {
  const requestId = `contract-${++number}-${env.unique}`;
  const options = {
    taskQueue: env.taskQueue,
    workflowId: `snapflow:${env.connection}:${requestId}`,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    args: [
      {
        requestId,
        request: {
          connection: env.connection,
          vm: 'web-01',
          snapshot: 'latest',
          name: requestId,
          ...request,
        },
      },
    ] as unknown[],
    ...change,
  };
  return { requestId, options };
}

/** Runs it to its end by a plain client, as a caller in another language does. */
async function endOf(workflow: string, options: { workflowId: string } & Partial<WorkflowStartOptions>) {
  const all = { taskQueue: env.taskQueue, ...options } as WorkflowStartOptions;
  const end: unknown = await env.temporal.workflow
    .execute(workflow, all)
    .catch((thrown: unknown) => (thrown as WorkflowFailedError).cause);
  const last = end instanceof ActivityFailure ? end.cause : end;
  const { events } = await env.temporal.workflow.getHandle(options.workflowId).fetchHistory();
  const began = (events ?? []).filter(
    (event) =>
      event.activityTaskScheduledEventAttributes ??
      event.startChildWorkflowExecutionInitiatedEventAttributes ??
      event.timerStartedEventAttributes,
  );
  return { end: last, began: began.length };
}

const typeOf = (failure: unknown) => (failure instanceof ApplicationFailure ? failure.type : failure);
const effects = async () => (await env.control.ledger()).length;

describe('a start outside the contract', () => {
  const BREACHES: [string, () => WorkflowStartOptions & { workflowId: string }][] = [
    [
      "another request's workflow id",
      () => start({ workflowId: `snapflow:${env.connection}:x-${number}` }).options,
    ],
    ['the id of another connection', () => start({ workflowId: `snapflow:other:x-${number}` }).options],
    ['an execution time-out', () => start({ workflowExecutionTimeout: '1h' }).options],
    ['a run time-out', () => start({ workflowRunTimeout: '1h' }).options],
    ['no request', () => start({ args: [{ requestId: 'x' }] }).options],
    ['no argument', () => start({ args: [] }).options],
    ['a machine that is a number', () => start({}, { vm: 42 }).options],
    ['a deadline in words', () => start({}, { deadlineMs: '1h' }).options],
  ];

  test.each(BREACHES)('with %s is refused before anything happens', async (_breach, optionsOf) => {
    const before = await effects();
    for (const workflow of [OPERATIONS.clone.workflow, OPERATIONS.revert.workflow]) {
      const options = optionsOf();
      const { end, began } = await endOf(workflow, options);
      expect({ type: typeOf(end), began }).toEqual({ type: 'WorkflowInvalid', began: 0 });
    }
    expect(await effects()).toBe(before);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a field that there is not', { resource_pool: 'p' }],
    ['a choice that there is not', { onCancel: 'maybe' }],
    ['a name with a control character', { name: 'a\u0007b' }],
  ])('with %s is refused by its first check, and nothing is changed', async (_breach, request) => {
    const before = await effects();
    const { end } = await endOf(OPERATIONS.clone.workflow, start({}, request).options);
    expect(typeOf(end)).toBe('RequestInvalid');
    expect((end as ApplicationFailure).details?.[0]).toMatchObject({
      problems: [{ field: expect.stringContaining(Object.keys(request)[0] ?? '') }],
    });
    expect(await effects()).toBe(before);
  });

  test('that deletes under another id is refused before anything happens', async () => {
    const input = { requestId: 'x', connection: env.connection, vmId: 'vm-1' };
    const options = { workflowId: `snapflow-delete:other:x-${env.unique}`, args: [input] };
    const { end, began } = await endOf(WORKFLOWS.deleteVmOfClone, options);
    expect({ type: typeOf(end), began }).toEqual({ type: 'WorkflowInvalid', began: 0 });
  });

  test.each<[string, unknown]>([
    ['a question that there is not', { query: { kind: 'nonsense' } }],
    ['snapshots of no machine', { query: { kind: 'snapshots' } }],
    ['a plan of no operation', { query: { kind: 'plan', request: {} } }],
    ['no query', {}],
  ])('that asks for %s is refused', async (_breach, input) => {
    const options = { workflowId: `inspect-${++number}-${env.unique}`, args: [input] };
    expect(typeOf((await endOf(WORKFLOWS.inspect, options)).end)).toBe('RequestInvalid');
  });
});

test('a start with time-outs of 0, which Go and the temporal command line send for none, is no breach', async () => {
  const { options } = start({ workflowExecutionTimeout: 0, workflowRunTimeout: 0 });
  expect((await endOf(OPERATIONS.clone.workflow, options)).end).toMatchObject({
    vmId: expect.stringMatching(/^vm-/),
  });
});

describe('a run that a program in another language started', () => {
  const requestOf = (name: string) => ({
    connection: env.connection,
    vm: 'web-01',
    snapshot: 'latest',
    name,
  });
  /** A clone with that memo, at its end. */
  const ended = async (memoOf: (request: object) => Record<string, unknown>) => {
    const { requestId, options } = start();
    const request = requestOf(requestId);
    await endOf(OPERATIONS.clone.workflow, { ...options, memo: memoOf(request) });
    return { requestId, request };
  };
  const clonesNamed = async (name: string) =>
    (await env.control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name);

  test.each<[string, (request: object) => Record<string, unknown>]>([
    ['its request', (request) => ({ snapflowRequest: request })],
    [
      'its request in another order, defaults and options that do not count said',
      (request) => ({
        snapflowRequest: {
          whenBusy: 'fail',
          deadlineMs: 60_000,
          onFailure: 'delete',
          powerOn: false,
          onCancel: 'undo',
          ...Object.fromEntries(Object.entries(request).toReversed()),
        },
      }),
    ],
    ['its digest alone', (request) => ({ snapflowDigest: requestDigest('clone', request as never) })],
  ])('with %s in the memo is the one that a repeat attaches to: one clone', async (_memo, memoOf) => {
    const { requestId, request } = await ended(memoOf);
    const attached = await env.snapflow.clone(request, { requestId });
    const made = await clonesNamed(requestId);
    expect(await attached.result()).toMatchObject({ vmId: made[0]?.resultVm });
    expect(made).toHaveLength(1);
  });

  test.each<[string, (request: object) => Record<string, unknown>, string]>([
    [
      'another request',
      (request) => ({ snapflowRequest: { ...request, vm: 'app-01', powerOn: true } }),
      '(powerOn was true, now false; vm was "app-01", now "web-01")',
    ],
    [
      'a field that this release does not know',
      (request) => ({ snapflowRequest: { ...request, tier: 'gold' } }),
      '(tier was "gold", now not given)',
    ],
    [
      'another request beside the digest of this one',
      (request) => ({
        snapflowRequest: { ...request, vm: 'app-01' },
        snapflowDigest: requestDigest('clone', request as never),
      }),
      '(vm was "app-01", now "web-01")',
    ],
    ['another digest', () => ({ snapflowDigest: 'of another' }), '(its memo does not have this request)'],
    ['a list', () => ({ snapflowRequest: [1] }), '(its memo does not have this request)'],
    ['nothing', () => ({}), '(its memo does not have this request)'],
  ])('with %s in the memo is no match for a repeat', async (_memo, memoOf, differences) => {
    const { requestId, request } = await ended(memoOf);
    const repeat = env.snapflow.clone(request, { requestId });
    await expect(repeat).rejects.toThrow(RequestConflict);
    await expect(repeat).rejects.toThrow(differences);
    expect(await clonesNamed(requestId)).toHaveLength(1);
  });

  test('and that runs another workflow is no match, whatever its memo says', async () => {
    const { requestId, options } = start();
    const request = { connection: env.connection, vm: 'web-01', snapshot: 'latest' };
    const memo = { snapflowOperation: 'revert', snapflowRequest: request };
    await endOf(OPERATIONS.clone.workflow, { ...options, memo });
    await expect(env.snapflow.revert(request, { requestId })).rejects.toThrow(
      '(operation was "clone", now "revert")',
    );
    expect((await env.control.ledger()).filter(({ kind }) => kind === 'revert')).toEqual([]);
  });
});

test('what the workflows return and fail with is what docs/schemas says', async () => {
  const ajv = addFormats(new Ajv2020({ strict: true }));
  const problemsOf = (name: string, value: unknown) => {
    const path = join(__dirname, '../../docs/schemas', `${name}.json`);
    const check = ajv.compile(JSON.parse(readFileSync(path, 'utf8')) as object);
    return check(value) ? [] : check.errors;
  };
  const { connection } = env;
  const clone = start().options;
  expect(problemsOf('linked-clone-input', clone.args[0])).toEqual([]);
  const made = (await endOf(OPERATIONS.clone.workflow, clone)).end;
  expect(made).toMatchObject({ name: expect.any(String) });
  expect(problemsOf('linked-clone-result', made)).toEqual([]);
  const revert = start({}, { vm: 'app-01', name: undefined }).options;
  const reverted = (await endOf(OPERATIONS.revert.workflow, revert)).end;
  expect(reverted).toMatchObject({ undoSnapshotId: expect.any(String) });
  expect(problemsOf('revert-result', reverted)).toEqual([]);
  const request = { connection, vm: 'web-01', snapshot: 'latest' };
  for (const query of [
    { kind: 'snapshots', connection, vm: 'web-01' },
    { kind: 'plan', operation: 'clone', request: { ...request, name: `plan-${env.unique}` } },
    { kind: 'plan', operation: 'revert', request },
    { kind: 'doctor' },
  ]) {
    expect(problemsOf('inspect-input', { query })).toEqual([]);
    const options = { workflowId: `inspect-${++number}-${env.unique}`, args: [{ query }] };
    const answer = (await endOf(WORKFLOWS.inspect, options)).end;
    expect(answer).toMatchObject({ kind: query.kind });
    expect(problemsOf('inspect-result', answer)).toEqual([]);
  }
  for (const wrong of [{ vm: 'none' }, { snapshot: 'none' }, { host: 'none' }]) {
    const { end } = await endOf(OPERATIONS.clone.workflow, start({}, wrong).options);
    const { type, message, details } = end as ApplicationFailure;
    const seen = { type, message, ...omitUndefined({ details: details?.[0] }) };
    expect({ seen, problems: problemsOf('failure', seen) }).toEqual({
      seen: { ...seen, type: expect.any(String) },
      problems: [],
    });
  }
});
