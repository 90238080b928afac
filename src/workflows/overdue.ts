import { CancellationScope, sleep } from '@temporalio/workflow';

/** Shows that a step takes longer than its budget. The step goes on: nothing fails by time alone. */
export async function shownWhenOverdue<T>(
  budgetMs: number,
  step: Promise<T>,
  shown: { readonly begin: () => void; readonly end: () => void },
): Promise<T> {
  const timer = new CancellationScope();
  let overdue = false;
  const begin = () => {
    overdue = true;
    shown.begin();
  };
  timer.run(() => sleep(budgetMs, { summary: 'until it is shown as overdue' })).then(begin, () => undefined);
  try {
    return await step;
  } finally {
    timer.cancel();
    if (overdue) shown.end();
  }
}
