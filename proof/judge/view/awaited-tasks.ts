import { z } from 'zod';
import type { History } from '../evidence/temporal-records';

const scheduled = z.object({
  activityTaskScheduledEventAttributes: z.object({
    activityType: z.object({ name: z.literal('awaitTask') }),
    input: z.object({ payloads: z.array(z.object({ data: z.string() })) }),
  }),
});
const input = z.object({ taskId: z.string() });

/** How many tasks a run waited for: a run that was unknown waits for each of its candidates. */
export function awaitedTasks(history: History | undefined): number {
  const tasks = (history?.events ?? []).flatMap((event) => {
    const parsed = scheduled.safeParse(event);
    const [payload] = parsed.data?.activityTaskScheduledEventAttributes.input.payloads ?? [];
    return payload === undefined ? [] : [taskIn(payload.data)];
  });
  return new Set(tasks).size;
}

/** An encrypted input cannot be read and counts as a task of its own. */
function taskIn(base64: string): string {
  try {
    return input.parse(JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))).taskId;
  } catch {
    return base64;
  }
}
