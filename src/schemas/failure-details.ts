import { z } from 'zod';
import type { CallFacts, FailureDetails, FieldFacts } from '../contract/failure-details';

/** Each is left out where it is not known, so nothing is required; the types hold the names to the contract's. */
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
export const failureDetails = {
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
