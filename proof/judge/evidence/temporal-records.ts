import { z } from 'zod';
import { EXIT_OF_FAILURE } from './exit-of-failure';

const at = z.iso.datetime({ offset: true });

const RUN_STATUSES = [
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
  'PAUSED',
] as const;

const failureLevel = z.looseObject({
  type: z.string().nullish(),
  message: z.string().nullish(),
  details: z.unknown().optional(),
  cause: z.unknown().optional(),
});
type FailureLevel = z.infer<typeof failureLevel>;

/** Deeper chains of causes are not read. */
const MAX_CAUSES = 10;

/** How a run failed: the level of its causes that has a published type, else the outermost one. */
const failure = failureLevel.transform((outermost): FailureLevel => {
  let level: FailureLevel = outermost;
  for (let depth = 0; depth < MAX_CAUSES; depth += 1) {
    if (Object.hasOwn(EXIT_OF_FAILURE, level.type ?? '')) return level;
    const cause = failureLevel.safeParse(level.cause);
    if (!cause.success) return outermost;
    level = cause.data;
  }
  return outermost;
});

/** An element of `runs.json`. */
export const run = z.object({
  workflowId: z.string(),
  runId: z.string(),
  type: z.string(),
  /** However it is spelled: `Canceled`, `CANCELLED` and `WORKFLOW_EXECUTION_STATUS_CANCELED` are one. */
  status: z
    .string()
    .transform((status) =>
      status.toUpperCase().replace('WORKFLOW_EXECUTION_STATUS_', '').replaceAll(/[ -]/g, '_'),
    )
    .transform((status) => SPELLINGS[status] ?? status)
    .pipe(z.enum(RUN_STATUSES)),
  startedAt: at,
  closedAt: at.nullish(),
  memo: z.record(z.string(), z.unknown()),
  searchAttributes: z.record(z.string(), z.unknown()),
  result: z.unknown().optional(),
  failure: failure.nullish(),
});
export type Run = z.infer<typeof run>;

const SPELLINGS: Readonly<Record<string, string>> = {
  CANCELED: 'CANCELLED',
  TIMEDOUT: 'TIMED_OUT',
  CONTINUEDASNEW: 'CONTINUED_AS_NEW',
};

/** A history as `temporal workflow show -o json` gives it. */
export const history = z.object({
  events: z.array(z.looseObject({ eventType: z.string(), eventTime: z.string().optional() })),
});
export type History = z.infer<typeof history>;
