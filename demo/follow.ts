import type { OperationHandle, OperationProgress } from '../src/client';
import type { DemoEnvironment } from './environment';

/**
 * Prints an operation's live progress until it ends. `at` sees every step, and may act on it before the next one is
 * printed.
 */
export async function follow(
  operation: Pick<OperationHandle, 'progress'>,
  { narrator, signal }: Pick<DemoEnvironment, 'narrator' | 'signal'>,
  at: (progress: OperationProgress) => void | Promise<void> = () => {},
): Promise<void> {
  let task: string | undefined;
  for await (const progress of operation.progress({ signal })) {
    if (progress.taskId !== undefined && progress.taskId !== task) narrator.say(`task ${progress.taskId}`);
    task = progress.taskId ?? task;
    narrator.say(describe(progress));
    await at(progress);
  }
}

function describe({ state, phase, percent, status, message }: OperationProgress): string {
  if (state !== 'running') return state;
  const parts = [
    (phase ?? 'accepted').padEnd(8),
    percent === undefined ? '' : `${bar(percent)} ${String(percent).padStart(3)} %`,
    status?.toLowerCase() ?? '',
    message ?? '',
  ];
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .trimEnd();
}

const BAR_WIDTH = 20;

function bar(percent: number): string {
  const full = Math.round((percent / 100) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
