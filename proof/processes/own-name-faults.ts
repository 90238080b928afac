import type { Fault, PlannedCell } from './fault';
import { theTask } from './meaning-faults';
import { ask, killInWindow } from './strike-process';
import { isUndo, unless } from './window-sets';

const ofClones = ({ operation }: PlannedCell) => unless(operation === 'clone', 'a revert makes no machine');

/** What strikes a clone whose name only its request has. */
export const OWN_NAME_FAULTS = {
  'own-name-killed': {
    group: 'A',
    title: 'own name: whoever stands in the window dies',
    ownName: true,
    impossible: ofClones,
    strike: killInWindow,
  },
  'own-name-asked-alike': {
    group: 'A',
    title: 'own name: another request asks alike, and whoever stands in the window dies',
    ownName: true,
    secondRequest: 'r2',
    impossible: ofClones,
    // Neither waits for the other, and neither finds its name taken.
    expect: (cell) => ({ outcomes: [isUndo(cell) ? 'cancelled' : 'succeeded', 'succeeded'] }),
    strike: async (round, reached) => {
      ask(round, 1);
      return killInWindow(round, reached);
    },
  },
  'own-name-record-lost': {
    group: 'C',
    title: "own name: the start's answer is lost, and no list shows its task",
    ownName: true,
    impossible: (cell) =>
      ofClones(cell) ??
      unless(
        ['K12', 'K13', 'K24'].includes(cell.window ?? ''),
        "played where a start's answer is lost while a task runs",
      ),
    // The machine of that name is proof enough: no operator is asked.
    expect: () => ({ outcomes: ['succeeded'] }),
    strike: async (round, reached) => {
      await round.control.call('POST', await theTask(round), { hide: true });
      return killInWindow(round, reached);
    },
  },
  'own-name-repeated-post': {
    group: 'B',
    title: 'own name: a proxy repeats the POST',
    ownName: true,
    impossible: (cell) =>
      ofClones(cell) ?? unless(cell.window === 'K11', 'no changing POST is held before its effect'),
    expect: () => ({
      outcomes: ['succeeded'],
      twoEffectsPossible: 'a proxy repeats the POST behind everybody',
    }),
    strike: async (round, reached) => {
      await round.control.release(reached.rest?.hold ?? '', 'repeat');
      return () => true;
    },
  },
} as const satisfies Record<string, Fault>;
