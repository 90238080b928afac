// Writes a text wherever a run can write one.
import { log, proxyActivities, setCurrentDetails, upsertMemo } from '@temporalio/workflow';

interface Plant {
  readonly text: string;
}

export async function plant({ text }: Plant): Promise<void> {
  upsertMemo({ note: text });
  setCurrentDetails(text);
  for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[level](`said ${text}`);
  const { beat, fail } = proxyActivities<Record<'beat' | 'fail', (text: string) => Promise<void>>>({
    startToCloseTimeout: '1 minute',
    summary: text,
  });
  await Promise.all([beat(text), fail(text)]);
}
