import { z } from 'zod';

const at = z.iso.datetime({ offset: true });

/** An entry of `GET /ledger`: an effect that really happened. */
export const effect = z.object({
  seq: z.number().int(),
  at,
  kind: z.enum(['clone', 'revert', 'restore', 'delete', 'power', 'snapshot']),
  vm: z.string(),
  name: z.string().optional(),
  task: z.string().optional(),
  resultVm: z.string().optional(),
  snapshot: z.string().optional(),
  power: z.string().optional(),
  user: z.string(),
  /** The simulator's id of the HTTP call. */
  call: z.string(),
  /** `X-Request-ID` of the call: `<workflow id>/<activity id>/<attempt>` where Snapflow sent it. */
  requestId: z.string().optional(),
});
export type Effect = z.infer<typeof effect>;

const vm = z.looseObject({
  id: z.string(),
  name: z.string(),
  powerState: z.string(),
  contentGeneration: z.number(),
});
const snapshot = z.looseObject({
  id: z.string(),
  vm: z.string(),
  name: z.string(),
  type: z.string(),
  contentGeneration: z.number(),
});
const task = z.looseObject({
  task: z.string(),
  kind: z.string(),
  status: z.string(),
  vm: z.string(),
  user: z.string(),
  call: z.string(),
});
const session = z.looseObject({ key: z.string(), user: z.string(), createdAt: at });

/** `GET /state`, as far as it is judged. */
export const state = z.looseObject({
  inventory: z.looseObject({ vms: z.array(vm), snapshots: z.array(snapshot) }),
  tasks: z.array(task),
  sessions: z.object({ appliance: z.array(session), vcenter: z.array(session) }),
});
export type State = z.infer<typeof state>;

/** `GET /calls`. */
export const calls = z.looseObject({ calls: z.record(z.string(), z.number()) });

const control = z.looseObject({
  method: z.string().optional(),
  path: z.string(),
  body: z.unknown().optional(),
});

/** An element of `GET /faults`. */
export const faultRule = z.looseObject({
  operation: z.string(),
  fired: z.number(),
  do: control.optional(),
});
