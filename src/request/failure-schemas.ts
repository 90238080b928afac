import { z } from 'zod';
import type { CallFacts, FailureDetails, FieldFacts } from '../contract/failure-details';
import type { FailureType } from '../contract/failures';

/** Each is left out where it is not known, so nothing is required. The types hold the names to the contract's. */
type Facts<Details> = { readonly [Fact in keyof Required<Details>]: z.ZodType<Details[Fact]> };

const text = z.string().exactOptional();
const texts = z.array(z.string()).exactOptional();

const field = { field: text, value: text } satisfies Facts<FieldFacts>;
const call = {
  operation: text,
  host: z.enum(['vcenter', 'appliance']).exactOptional(),
  kind: text,
  status: z.int().exactOptional(),
  errorType: text,
};
call satisfies Facts<CallFacts>;

const problem = z.object({ field: z.string(), value: z.string(), remedy: z.string() });
const missing = z.object({ privilege: z.string(), object: z.string(), type: z.string() });

/** Schema of the details of each failure, by its type. */
const failureDetails = {
  RequestInvalid: { problems: z.array(problem).exactOptional() },
  WorkflowInvalid: {},
  UnknownConnection: { ...field, known: texts },
  ObjectNotFound: { ...field, ...call, cluster: text },
  NameAmbiguous: { ...field, ids: texts },
  PlacementInvalid: { ...field, cluster: text },
  SnapshotUnsuitable: { ...field, snapshotId: text, expiresAt: text },
  NameTaken: { ...field, ...call, vmId: text },
  PrivilegeMissing: { ...call, missing: z.array(missing).exactOptional() },
  NotAllowed: { outside: texts },
  Rejected: call,
  Unauthenticated: call,
  Unreachable: call,
  ReplyMalformed: call,
  Busy: { lockId: text, holderId: text },
  RequestConflict: {},
  TaskFailed: { taskId: text },
  PowerOnFailed: { ...call, vmId: text, name: text, kept: z.boolean().exactOptional() },
  OutcomeUnknown: { candidates: texts },
  NeedsDecision: { why: text, candidates: texts },
  Cancelled: { left: text },
  DeadlineExceeded: {},
  CompensationIncomplete: { taskId: text, left: text, vmId: text, name: text, undoSnapshotId: text },
} as const satisfies { readonly [Type in keyof FailureDetails]: Facts<FailureDetails[Type]> };

const failureOf = (type: FailureType) =>
  z.object({
    type: z.literal(type),
    message: z.string(),
    details: z.object(failureDetails[type]).exactOptional(),
  });

const [first, ...others] = (Object.keys(failureDetails) as FailureType[]).map(failureOf);

/** Schema of `Failure`: one of as many as there are types. */
export const failure = z.union([first ?? z.never(), ...others]).meta({ title: 'Failure' });
