import type { Fault, PlannedCell } from './fault';
import { rpcOf } from './rpc';
import { isOver, unless } from './window-sets';

type Answer = 'activity' | 'workflow';

/** Windows that hold an answer, of that kind the run's last: one before it cannot be lost any more. */
const HOLDS_LAST: Readonly<Record<Answer, (cell: PlannedCell) => boolean>> = {
  activity: ({ window, operation }) => window === 'K18' || (window === 'K22' && operation === 'clone'),
  workflow: ({ window }) => window === 'K19',
};

/** The next answer of that kind is lost; one that is held counts once it has arrived. */
export const lostAnswer = (title: string, moment: 'before' | 'after', kind: Answer): Fault => ({
  group: 'F',
  title,
  impossible: (cell) =>
    unless(
      !isOver(cell) &&
        !(kind === 'activity' && cell.window === 'K19') &&
        !(moment === 'before' && HOLDS_LAST[kind](cell)),
      'no such answer follows',
    ),
  strike: async (round, reached) => {
    const { acted } = round.workerLink.add({ moment, matches: ANSWERS[kind], act: () => 'lost' });
    await reached.release('go-on');
    return () => acted() > 0;
  },
});

const ANSWERS = {
  activity: rpcOf('RespondActivityTaskCompleted'),
  workflow: rpcOf('RespondWorkflowTaskCompleted'),
} as const;
