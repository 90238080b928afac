import type { Execution } from './execution';
import type { TaskOwnerJob, WorkflowCommand } from './jobs';

const EVENTS_OF_A_TASK = 3;
/** The workflow task that a reset has failed, and its successor. */
const EVENTS_OF_A_RESET = 3;

/** Events that a server writes for a command, with those that follow by themselves. */
function eventsOfCommand(command: WorkflowCommand): number {
  // Scheduled, started, and how it ended.
  if (command.scheduleActivity) return 3;
  // Initiated, and started or failed.
  if (command.startChildWorkflowExecution) return 2;
  // A state is written to the memo and to its search attribute.
  if (command.modifyWorkflowProperties) return 2;
  return 1;
}

/** Events for what a task is told, where no command has brought them. */
const eventsOfJob = ({ variant }: TaskOwnerJob): number =>
  variant === 'resolveActivity' || variant === 'resolveChildWorkflowExecutionStart' ? 0 : 1;

const sum = <T>(all: readonly T[], of: (each: T) => number): number =>
  all.reduce((total, each) => total + of(each), 0);

/** Length of a run's history when its next workflow task is given out, as the server counts it. */
export function historyLength({
  tasks,
  inbox,
  history,
}: Pick<Execution, 'tasks' | 'inbox' | 'history'>): number {
  const last = tasks.at(-1);
  const resets = history.filter((entry) => entry.kind === 'reset' && entry.in === tasks.length);
  const before = last === undefined ? 0 : last.historyLength + 1 + sum(last.commands, eventsOfCommand);
  return before + sum(inbox, eventsOfJob) + EVENTS_OF_A_TASK - 1 + resets.length * EVENTS_OF_A_RESET;
}
