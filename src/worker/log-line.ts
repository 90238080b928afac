import type { LogEntry } from '@temporalio/worker';
import { callerIdOf } from '../activities/caller-id';
import { jsonText } from '../contract/json-text';
import type { KnownSecrets } from './known-secrets';
import { redactLog } from './redact-log';

/** How the SDK calls what one run is found by, and how we do; the same in workflows and in activities. */
const RENAMED: Readonly<Record<string, string>> = {
  workflowRunId: 'runId',
  activityType: 'activity',
  workflowType: 'workflow',
};
/** An activity's token is long and tells nothing that the ids do not; the others are the same in every line. */
const LEFT_OUT: ReadonlySet<string> = new Set(['taskToken', 'isLocal', 'sdkComponent']);

/**
 * One line of the log: JSON with time, level and message, and where it belongs to a run with `workflowId`, `runId`,
 * `connection`, and in an activity `activity`, `attempt` and `requestId`, the `X-Request-ID` of its calls.
 */
export function logLine(
  { level, message, timestampNanos, meta = {} }: LogEntry,
  secrets: KnownSecrets,
): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const fields = Object.entries(meta)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => [RENAMED[key] ?? key, value] as const);
  const entry = { ...Object.fromEntries(fields), ...idsOf(meta), time, level, message };
  const { time: _time, level: _level, message: _message, ...others } = entry;
  return jsonText(redactLog({ time, level, message, ...others }, secrets));
}

function idsOf({ workflowId, activityId, attempt }: NonNullable<LogEntry['meta']>): Record<string, string> {
  if (typeof workflowId !== 'string') return {};
  const connection = /^snapflow(?:-[a-z]+)?:([^:]+):/.exec(workflowId)?.[1];
  return {
    ...(connection === undefined ? {} : { connection }),
    ...(typeof activityId === 'string' && typeof attempt === 'number'
      ? { requestId: callerIdOf(workflowId, activityId, attempt) }
      : {}),
  };
}
