import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type {
  DeletionInput,
  DeletionResult,
  PlanResult,
  RevertPlanResult,
  SnapshotsResult,
} from '../../../src/contract/inspect';
import { FAILURES, type FailureType } from '../../../src/contract/failures';
import type { Question, ResolveInput } from '../../../src/contract/resolve';
import type {
  LinkedCloneInput,
  LinkedCloneRequest,
  RevertInput,
  RevertRequest,
  LinkedCloneResult,
  RevertResult,
  UsedObject,
  UsedSnapshot,
} from '../../../src/contract/operations';
import type { OperationOverview, OperationStatus } from '../../../src/client';
import type { CliError } from '../../../src/cli/output';
import { parseLinkedCloneInput } from '../../../src/request/schemas';
import { PUBLISHED_SCHEMAS } from '../../../src/request/published-schemas';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'docs/schemas');
const { renderSchemas, schemaSources } = require(join(ROOT, 'scripts/render-schemas.js')) as {
  renderSchemas: (schemas: object, sources: readonly string[]) => Record<string, string>;
  schemaSources: (root: string) => readonly string[];
};

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly anyOf?: readonly Schema[];
  readonly const?: string;
  readonly description?: string;
}

const textOf = (name: string): string => readFileSync(join(FOLDER, `${name}.json`), 'utf8');
const schemaOf = (name: string): Schema => JSON.parse(textOf(name)) as Schema;
const accepts = (name: string, value: unknown): boolean =>
  addFormats(new Ajv2020({ strict: true, allErrors: true })).compile(schemaOf(name))(value);

test('docs/schemas says what the code says: else npm run docs:generate', () => {
  const rendered = renderSchemas(PUBLISHED_SCHEMAS, schemaSources(ROOT));
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(rendered).toSorted());
  expect(Object.fromEntries(readdirSync(FOLDER).map((name) => [name, textOf(name.slice(0, -5))]))).toEqual(
    rendered,
  );
});

const WORDS = ['type', 'anyOf', 'oneOf', 'allOf', 'enum', 'const', '$ref'];

/** Paths of fields that take any value. */
const untyped = (schema: unknown, path = ''): string[] =>
  Object.entries((schema ?? {}) as Record<string, unknown>).flatMap(([word, part]) => {
    if (word !== 'properties') return typeof part === 'object' ? untyped(part, path) : [];
    return Object.entries(part as Record<string, object>).flatMap(([field, property]) => [
      ...(WORDS.some((one) => one in property) ? [] : [`${path}.${field}`]),
      ...untyped(property, `${path}.${field}`),
    ]);
  });

test('every field of every schema says what it takes', () => {
  for (const name of Object.keys(PUBLISHED_SCHEMAS))
    expect([name, untyped(schemaOf(name))]).toEqual([name, []]);
});

/** The type makes a sample have every field that the contract has: a schema that lacks one fails here. */
type Every<T> = { readonly [Field in keyof T]-?: Exclude<T[Field], undefined> };

const cloneRequest: Every<LinkedCloneRequest> = {
  connection: 'default',
  cluster: 'c',
  whenBusy: 'wait',
  deadlineMs: 1,
  onCancel: 'undo',
  vm: 'v',
  snapshot: 's',
  name: 'n',
  uniqueName: true,
  folder: 'f',
  resourcePool: 'p',
  host: 'h',
  powerOn: true,
  onFailure: 'keep',
};
const revertRequest: Every<RevertRequest> = {
  connection: 'default',
  cluster: 'c',
  whenBusy: 'fail',
  deadlineMs: 1,
  onCancel: 'keep',
  vm: 'v',
  snapshot: 's',
  restorePower: true,
};
const same = { requestId: 'r', again: { afterRunId: 'x' } };
const cloneInput: Every<LinkedCloneInput> = { ...same, request: cloneRequest, nonce: 'k3f9x2ab' };
const revertInput: Every<RevertInput> = { ...same, request: revertRequest };
const warnings = [{ type: 'NameDiffers', message: 'x' }] as const;
const used: Every<UsedObject> = { id: 'x', name: 'n' };
const snapshot: Every<UsedSnapshot> = { ...used, createdAt: '2026-04-12T00:00:00Z' };
const cloneResult: Every<LinkedCloneResult> = {
  vmId: 'vm-1',
  name: 'n',
  taskId: 't',
  source: used,
  snapshot,
  folder: used,
  cluster: used,
  powerState: 'POWERED_OFF',
  warnings,
};
const revertResult: Every<RevertResult> = {
  taskId: 't',
  undoSnapshotId: 's',
  powerState: 'POWERED_OFF',
  vm: used,
  snapshot,
  cluster: used,
  warnings,
};
const deletion: Every<DeletionInput> = { requestId: 'r', connection: 'default', vmId: 'vm-1' };
const deleted: Every<DeletionResult> = { vmId: 'vm-1', name: 'n', outcome: 'already-gone' };
const resolve: Every<ResolveInput> = {
  runId: 'x',
  question: 1,
  resolution: { kind: 'vm', vmId: 'vm-1' },
  requester: 'alice@ci',
};
const question: Every<Question> = {
  runId: 'x',
  question: 1,
  why: 'w',
  candidates: [],
  answers: ['abandon'],
  about: 'undo',
};

const status: Every<OperationStatus & Omit<OperationOverview, 'status'>> = {
  id: 'build-42',
  workflowId: 'snapflow:default:build-42',
  runId: 'x',
  operation: 'clone',
  name: 'n',
  state: 'succeeded',
  condition: 'queued',
  why: 'held by x',
  heldBy: 'x',
  phase: 'wait',
  percent: 43,
  taskId: 't',
  result: cloneResult,
  warnings,
  failure: { type: 'Terminated', message: 'x' },
  request: cloneRequest,
  requester: 'alice@ci',
  startedAt: new Date(0),
  closedAt: new Date(1),
  taskStatus: 'RUNNING',
  message: 'Copying',
  question,
  left: 'nothing',
  pickedUp: true,
};
const cliError: Every<CliError> = {
  type: 'OperationNotFound',
  message: 'x',
  exitCode: 3,
  code: 'SNAPFLOW_OPERATION_NOT_FOUND',
  details: {},
};

test('the JSON of status and of errors has every field of its type, described', () => {
  const described = (schema: Schema, every: object): void => {
    const { properties = {} } = schema;
    expect(Object.keys(properties).toSorted()).toEqual(Object.keys(every).toSorted());
    const undescribed = Object.entries(properties).filter(([, { description }]) => description === undefined);
    expect(undescribed.map(([field]) => field)).toEqual([]);
  };
  described(schemaOf('operation-status'), status);
  expect(accepts('operation-status', JSON.parse(JSON.stringify(status)))).toBe(true);
  expect(accepts('operation-status', { ...status, state: 'odd' })).toBe(false);
  described(schemaOf('cli-error').properties?.['error'] ?? {}, cliError);
  expect(accepts('cli-error', { error: cliError })).toBe(true);
});

test.each<[string, object]>([
  ['linked-clone-input', cloneInput],
  ['linked-clone-result', cloneResult],
  ['revert-input', revertInput],
  ['revert-result', revertResult],
  ['deletion-input', deletion],
  ['deletion-result', deleted],
  ['resolve-input', resolve],
  ['question', question],
])('%s has every field of its type, described, and takes them', (name, every) => {
  const { properties = {} } = schemaOf(name);
  expect(Object.keys(properties).toSorted()).toEqual(Object.keys(every).toSorted());
  expect(accepts(name, every)).toBe(true);
  const undescribed = Object.entries(properties).filter(([, { description }]) => description === undefined);
  expect(undescribed.map(([field]) => field).filter((field) => field !== 'request')).toEqual([]);
});

test('the requests have every field of their types', () => {
  const requestOf = (name: string) => schemaOf(name).properties?.['request']?.properties ?? {};
  expect(Object.keys(requestOf('linked-clone-input')).toSorted()).toEqual(
    Object.keys(cloneRequest).toSorted(),
  );
  expect(Object.keys(requestOf('revert-input')).toSorted()).toEqual(Object.keys(revertRequest).toSorted());
});

test('the answers of inspect have every field of their types', () => {
  const machine = { vmId: 'v', vmName: 'n', clusterId: 'c' };
  const plan = {
    kind: 'plan',
    ...machine,
    clusterName: 'c',
    snapshotId: 's',
    snapshotName: 'n',
    snapshotCreatedAt: '2026-04-12T00:00:00Z',
    warnings: [],
  } as const;
  const snapshots: Every<SnapshotsResult> = { kind: 'snapshots', ...machine, snapshots: [] };
  const clone: Every<PlanResult> = { ...plan, name: 'n', folderId: 'f', folderName: 'f' };
  const revert: Every<RevertPlanResult> = plan;
  const fields = (schemaOf('inspect-result').anyOf ?? []).map(({ properties = {} }) =>
    Object.keys(properties).toSorted(),
  );
  const answers = [snapshots, clone, revert, { kind: 'doctor', checks: [] }];
  expect(fields).toEqual(answers.map((answer) => Object.keys(answer).toSorted()));
  for (const answer of answers) expect(accepts('inspect-result', answer)).toBe(true);
  expect(accepts('inspect-input', { query: { kind: 'doctor' } })).toBe(true);
  expect(accepts('inspect-input', { query: { kind: 'nonsense' } })).toBe(false);
});

test('every failure type has its schema, with details of its own', () => {
  const types = (schemaOf('failure').anyOf ?? []).map(({ properties }) => properties?.['type']?.const ?? '');
  expect(types.toSorted()).toEqual(Object.keys(FAILURES).toSorted());
  const failed = (type: FailureType, details: object) => accepts('failure', { type, message: 'x', details });
  expect(failed('TaskFailed', { taskId: 't' })).toBe(true);
  expect(failed('TaskFailed', { taskId: 1 })).toBe(false);
  expect(accepts('failure', { type: 'Bad', message: 'x' })).toBe(false);
});

test('what a result may gain in a later release does not break a caller, and an unknown field of a request is refused', () => {
  expect(accepts('linked-clone-result', { ...cloneResult, later: 1 })).toBe(true);
  expect(accepts('linked-clone-input', { ...cloneInput, later: 1 })).toBe(false);
});

const input = (request: object, requestId = 'r') => ({ requestId, request: { ...cloneRequest, ...request } });

test.each<[string, unknown]>([
  ['a complete request', input({})],
  ['a request id with a blank at its end', input({}, 'r ')],
  ['a control character in a name', input({ name: 'a\u0007' })],
  ['a line separator in a name', input({ name: 'a\u2028' })],
  ['letters of every script', input({ name: 'größe-日本-😀' })],
  ['a name of 81 characters', input({ name: 'x'.repeat(81) })],
  ['a deadline in words', input({ deadlineMs: '1h' })],
  ['a deadline of no time', input({ deadlineMs: 0 })],
  ['a connection with a colon', input({ connection: 'a:b' })],
  ['a misspelt field', input({ resource_pool: 'p' })],
])('the schema and the worker agree about %s', (_what, value) => {
  const taken = (() => {
    try {
      parseLinkedCloneInput(value);
      return true;
    } catch {
      return false;
    }
  })();
  expect(accepts('linked-clone-input', value)).toBe(taken);
});
