import { z } from 'zod';

const at = z.iso.datetime({ offset: true });

/** A line of `fired.jsonl`: a planned fault that really fired. */
export const fired = z.object({ fault: z.string(), at, where: z.string() });
export type Fired = z.infer<typeof fired>;

const JOURNAL_EVENTS = [
  'asked',
  'accepted',
  'attached',
  'refused',
  'cancel-asked',
  'cancel-accepted',
  'terminated',
  'reset',
  'killed',
  'stopped',
  'continued',
  'drained',
  /** Somebody renamed, moved or powered on a machine behind our back. */
  'changed',
] as const;

/** A line of `journal.jsonl`: what the harness did and saw. An accepted request has a workflow on the server. */
export const journalEntry = z.object({
  at,
  event: z.enum(JOURNAL_EVENTS),
  requestId: z.string().optional(),
  workflowId: z.string().optional(),
  runId: z.string().optional(),
  /** Of a change: which machine, and what was done to it. */
  vm: z.string().optional(),
  change: z.string().optional(),
  process: z.string().optional(),
  pid: z.number().optional(),
});
export type JournalEntry = z.infer<typeof journalEntry>;

/** A line of `callers.jsonl`: one process of the command line. */
export const caller = z.object({
  requestId: z.string(),
  argv: z.array(z.string()),
  startedAt: at,
  endedAt: at,
  exitCode: z.number().nullable(),
  signal: z.string().nullish(),
  stdout: z.string(),
  stderr: z.string(),
});
export type Caller = z.infer<typeof caller>;

/** A line of `progress.jsonl`: how an operation showed itself at a moment. */
export const sample = z.object({
  at,
  requestId: z.string(),
  runId: z.string(),
  phase: z.string().optional(),
  percent: z.number().optional(),
  state: z.string(),
  condition: z.string().optional(),
});
export type Sample = z.infer<typeof sample>;

const replayed = z.object({ cached: z.string(), uncached: z.string() });
/** `replay.json` by the name of the history's file without `.json`: `ok`, or the error. */
export const replay = z.record(z.string(), replayed);

/** `processes.json`: who was started, and who is left at the end. */
export const processes = z.object({
  started: z.array(z.object({ role: z.string(), pid: z.number() })),
  alive: z.array(z.union([z.number(), z.object({ role: z.string(), pid: z.number() })])),
  portsOpen: z.array(z.union([z.number(), z.string()])),
});

/** `secrets.json`: what must be found nowhere. */
export const secrets = z.object({
  canaries: z.array(z.object({ name: z.string(), value: z.string().min(8) })),
});

/** `list.json`: a row of `snapflow list -o json`. */
export const listed = z.looseObject({
  id: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  state: z.string(),
});
