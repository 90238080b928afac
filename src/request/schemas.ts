/*
 * Requests: parsed, identified, published.
 *
 * schemas.ts            zod schemas of requests and workflow inputs
 * parse.ts              a schema's errors as sentences, with the nearest word
 * identity.ts           what a request is, and the derived request id
 * place-in-line.ts      priority and team of a request, checked
 * published-schemas.ts  schemas that docs/schemas publishes
 * failure-schemas.ts    schemas of failures and their details
 */
import { z } from 'zod';
import type { InspectInput, PlanQuery } from '../contract/inspect';
import {
  DEFAULT_CONNECTION,
  deletionWorkflowId,
  EVERY_OPERATION,
  type LinkedCloneInput,
  type LinkedCloneRequest,
  type Operation,
  type RevertInput,
  type RevertRequest,
} from '../contract/operations';
import { NONCE, MAX_NAME_CHARACTERS, MAX_PREFIX_CHARACTERS } from '../contract/own-names';
import { suggestedName } from '../contract/spelling';
import { CLEAN_TEXT, showValue } from '../contract/text';
import { parse, RequestInvalid } from './parse';

/** Text of bounded length without control characters. `what` completes the sentence "give …". */
function text(maxCharacters: number, what: string): z.ZodString {
  const error = `${what} of 1 to ${maxCharacters} characters without control characters`;
  return z.string({ error }).min(1, { error }).max(maxCharacters, { error }).regex(CLEAN_TEXT, { error });
}

/** Name or id of a vSphere object. 255 is more than any of them can have. */
export const reference = (what: string): z.ZodString => text(255, what);

/** Longer than any operation. A larger number is a unit mixed up. */
const MAX_DEADLINE_MS = 30 * 24 * 60 * 60 * 1000;

const connectionError = 'a connection name of up to 63 letters, digits, dots, dashes and underscores';
const deadlineError = `a whole number of milliseconds between 1 and ${MAX_DEADLINE_MS} (30 days)`;

/** Schema of a connection's name. It is part of the workflow id, so it is kept plain. */
export const connectionName = z
  .string({ error: connectionError })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: connectionError });

/** The fields that every request has. */
const requestOptions = {
  connection: connectionName.exactOptional(),
  cluster: reference('a cluster name or id').exactOptional(),
  whenBusy: z.enum(['wait', 'fail'], { error: 'wait or fail' }).exactOptional(),
  deadlineMs: z
    .int({ error: deadlineError })
    .min(1, { error: deadlineError })
    .max(MAX_DEADLINE_MS, { error: deadlineError })
    .exactOptional(),
  onCancel: z.enum(['undo', 'keep'], { error: 'undo or keep' }).exactOptional(),
};

/**
 * Schema of the new machine's name. What vCenter keeps in another form, or a person reads as another name, would not be
 * found again by it.
 */
const newName = text(MAX_NAME_CHARACTERS, 'a name for the new virtual machine')
  .regex(/^[^/\\%]*$/u, {
    error: ({ input }) =>
      `a name without /, \\ and %, which vCenter keeps as %2f, %5c and %25${suggestion(input)}`,
  })
  .regex(/^\P{Cf}*$/u, {
    error: ({ input }) =>
      `a name without characters that are invisible or turn the text around${suggestion(input)}`,
  })
  .regex(/^\S(?:.*\S)?$/su, {
    error: ({ input }) => `a name without blanks at its ends, which vCenter cuts${suggestion(input)}`,
  });

function suggestion(input: unknown): string {
  const near = typeof input === 'string' ? suggestedName(input) : '';
  return near === '' ? '' : `, for example ${showValue(near)}`;
}

/** Schema of `LinkedCloneRequest`. */
const linkedCloneRequest = z
  .strictObject(
    {
      ...requestOptions,
      vm: reference('the name or id of the source virtual machine'),
      snapshot: reference("a snapshot's name or id, or latest,"),
      uniqueName: z.literal(true, { error: 'true, or leave it out' }).exactOptional(),
      name: newName,
      folder: reference('a folder name or id').exactOptional(),
      resourcePool: reference('a resource pool name or id').exactOptional(),
      host: reference('a host name or id').exactOptional(),
      powerOn: z.boolean({ error: 'true or false' }).exactOptional(),
      onFailure: z.enum(['delete', 'keep'], { error: 'delete or keep' }).exactOptional(),
    },
    { error: 'an object with vm, snapshot and name' },
  )
  .refine(({ name, uniqueName }) => uniqueName !== true || name.length <= MAX_PREFIX_CHARACTERS, {
    path: ['name'],
    error: `a name of 1 to ${MAX_PREFIX_CHARACTERS} characters, since its suffix takes ${MAX_NAME_CHARACTERS - MAX_PREFIX_CHARACTERS} of the ${MAX_NAME_CHARACTERS} that vCenter allows`,
  })
  .meta({ title: 'LinkedCloneRequest' });

/**
 * Parses what a caller sent as a clone request. Nothing is filled in: defaults belong to the code that acts on it.
 * @throws RequestInvalid naming every wrong field
 */
export const parseLinkedCloneRequest = (value: unknown): LinkedCloneRequest =>
  parse<LinkedCloneRequest>(linkedCloneRequest, value, 'request');

/** Schema of `RevertRequest`. */
const revertRequest = z
  .strictObject(
    {
      ...requestOptions,
      vm: reference('the name or id of the virtual machine'),
      snapshot: reference("a snapshot's name or id, or latest,"),
      restorePower: z.boolean({ error: 'true or false' }).exactOptional(),
    },
    { error: 'an object with vm and snapshot' },
  )
  .meta({ title: 'RevertRequest' });

/**
 * Parses what a caller sent as a revert request. Nothing is filled in: defaults belong to the code that acts on it.
 * @throws RequestInvalid naming every wrong field
 */
export const parseRevertRequest = (value: unknown): RevertRequest =>
  parse<RevertRequest>(revertRequest, value, 'request');

const nonceError = 'eight characters out of 0123456789abcdefghjkmnpqrstvwxyz';

/** On a connection with a long name fewer fit: see `parseRequestId`. */
const MAX_REQUEST_ID_CHARACTERS = 200;

const error = `a request id of 1 to ${MAX_REQUEST_ID_CHARACTERS} characters without blanks at either end`;

/** Schema of a request id. Blanks at the ends are refused, not cut: `a` and `a ` would else be one request. */
export const requestId = text(MAX_REQUEST_ID_CHARACTERS, 'a request id').regex(/^\S(?:.*\S)?$/su, { error });

/** Columns of Temporal's SQL stores. A longer id fails there without a word about its length. */
const MAX_WORKFLOW_ID_CHARACTERS = 255;

/**
 * Parses a request id that is used on `connection`. The deletion of a clone has the longest workflow id made of the two.
 * @throws RequestInvalid
 */
export function parseRequestId(value: unknown, connection = DEFAULT_CONNECTION): string {
  const id = parse(requestId, value, 'requestId');
  const most = MAX_WORKFLOW_ID_CHARACTERS - deletionWorkflowId(connection, '').length;
  if (id.length <= most) return id;
  const remedy = `give at most ${most} characters on the connection ${connection}, because a workflow id has at most ${MAX_WORKFLOW_ID_CHARACTERS}`;
  throw new RequestInvalid([{ field: 'requestId', value: showValue(id), remedy }]);
}

/** Schema of the nonce of a clone with `uniqueName`. */
const nonce = z.string({ error: nonceError }).regex(NONCE, { error: nonceError });

/**
 * Parses a nonce.
 * @throws RequestInvalid
 */
export const parseNonce = (value: unknown): string => parse(nonce, value, 'nonce');

const inputOf = <Request extends z.ZodType, Own extends z.ZodRawShape>(
  title: string,
  request: Request,
  own: Own,
) =>
  z
    .strictObject(
      {
        requestId,
        request,
        ...own,
        again: z
          .strictObject(
            { afterRunId: text(64, 'the run id of the run before') },
            { error: 'an object with afterRunId' },
          )
          .exactOptional(),
      },
      { error: 'an object with requestId and request' },
    )
    .meta({ title });

export const linkedCloneInput = inputOf('LinkedCloneInput', linkedCloneRequest, {
  nonce: nonce.exactOptional(),
});
export const revertInput = inputOf('OperationInput', revertRequest, {});

/**
 * Parses the one argument of `linkedCloneVm`: callers in other languages bypass the client library.
 * @throws RequestInvalid naming every wrong field
 */
export const parseLinkedCloneInput = (value: unknown): LinkedCloneInput =>
  parse<LinkedCloneInput>(linkedCloneInput, value, 'input');

/**
 * Parses the one argument of `revertVm`.
 * @throws RequestInvalid naming every wrong field
 */
export const parseRevertInput = (value: unknown): RevertInput =>
  parse<RevertInput>(revertInput, value, 'input');

const snapshots = z
  .strictObject({
    kind: z.literal('snapshots'),
    connection: connectionName.exactOptional(),
    cluster: reference('a cluster name or id').exactOptional(),
    vm: reference('the name or id of the virtual machine'),
  })
  .meta({ title: 'SnapshotsQuery' });

const planOf = <O extends Operation, Request extends z.ZodType>(operation: O, request: Request) =>
  z.strictObject({ kind: z.literal('plan'), operation: z.literal(operation), request });

const PLANS = {
  clone: planOf('clone', linkedCloneRequest),
  revert: planOf('revert', revertRequest),
} as const satisfies { readonly [O in Operation]: z.ZodType<Extract<PlanQuery, { operation: O }>> };

const [firstPlan, ...otherPlans] = Object.values(PLANS);

const plan = z.discriminatedUnion('operation', [firstPlan ?? PLANS.clone, ...otherPlans], {
  error: EVERY_OPERATION.join(' or '),
});

const doctor = z.strictObject({ kind: z.literal('doctor') }).meta({ title: 'DoctorQuery' });

/** Schema of `InspectInput`. */
export const inspectInput = z
  .strictObject(
    {
      query: z.discriminatedUnion('kind', [snapshots, plan, doctor], {
        error: 'an object whose kind is snapshots, plan or doctor',
      }),
    },
    { error: 'an object with query' },
  )
  .meta({ title: 'InspectInput' });

/**
 * Parses the one argument of `inspect`: callers in other languages bypass the client library.
 * @throws RequestInvalid naming every wrong field
 */
export const parseInspectInput = (value: unknown): InspectInput =>
  parse<InspectInput>(inspectInput, value, 'input');
