import type { Outcome } from '../evidence/plan';
import type { Sample } from '../evidence/harness-records';
import type { Run } from '../evidence/temporal-records';

/** How a run stands: as a plan may expect it, or as none may. */
export type Standing = Outcome | 'running' | 'compensating' | 'timed-out' | 'continued';

const OPEN: readonly string[] = ['needs-decision', 'blocked', 'overdue', 'queued', 'compensating'];

/** `seen`: as it was seen last; a wait shows in its heartbeat at once what the run itself says only later. */
export function standingOf(run: Run, seen: Sample | undefined): Standing {
  switch (run.status) {
    case 'COMPLETED':
      return 'succeeded';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    case 'TERMINATED':
      return 'terminated';
    case 'TIMED_OUT':
      return 'timed-out';
    case 'CONTINUED_AS_NEW':
      return 'continued';
    case 'RUNNING':
    case 'PAUSED':
      return openStanding(run, seen);
  }
}

/** An open run shows its condition in the memo, and in a search attribute where the server has it. */
function openStanding({ memo, searchAttributes }: Run, seen: Sample | undefined): Standing {
  const attribute = searchAttributes['SnapflowState'];
  const shown =
    memo['snapflowState'] ?? (Array.isArray(attribute) ? attribute[0] : attribute) ?? seen?.condition;
  return typeof shown === 'string' && OPEN.includes(shown) ? (shown as Standing) : 'running';
}
