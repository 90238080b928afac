import { ourTasks } from './round-environment';
import { HAPPENED, type Fault } from './fault';
import { loggedInSince } from './logins';
import {
  sigkillBoth,
  sigkillInTurn,
  sigkillServer,
  sigkillServerAndWorker,
  sigkillStarter,
  sigkillWorker,
  sigstopWorker,
  sigtermThenSigkill,
  sigtermWorker,
  ask,
  askAgain,
  killInWindow,
} from './strike-process';
import {
  hasCallsToCome,
  isAtPost,
  isBeforePost,
  isDeleted,
  isTaskRunning,
  isUndo,
  unless,
} from './window-sets';

/** A: processes. */
export const PROCESS_FAULTS = {
  'sigkill-worker': { group: 'A', title: 'SIGKILL of the worker', strike: sigkillWorker },
  'sigkill-starter': {
    group: 'A',
    title: 'SIGKILL of the caller, who asks again',
    strike: sigkillStarter,
  },
  'sigkill-both': { group: 'A', title: 'SIGKILL of caller and worker', strike: sigkillBoth },
  'sigkill-in-turn': {
    group: 'A',
    title: 'SIGKILL of the worker and of the next one',
    strike: sigkillInTurn,
  },
  'sigkill-server': {
    group: 'A',
    title: 'SIGKILL of the Temporal server, which comes back with its file',
    killsServer: true,
    strike: sigkillServer,
  },
  'sigkill-server-and-worker': {
    group: 'A',
    title: 'SIGKILL of server and worker; the new worker is there before the server',
    killsServer: true,
    strike: sigkillServerAndWorker,
  },
  'sigstop-worker': {
    group: 'A',
    title: 'SIGSTOP of the worker beyond its deadline, then SIGCONT',
    strike: sigstopWorker,
  },
  'sigterm-then-sigkill': {
    group: 'A',
    title: 'SIGTERM, and SIGKILL while it drains',
    strike: sigtermThenSigkill,
  },
  'sigterm-worker': { group: 'A', title: 'SIGTERM: an orderly hand-over', strike: sigtermWorker },
  'two-callers': {
    group: 'A',
    title: 'a second caller asks the same at that moment',
    strike: async (round, reached) => {
      askAgain(round);
      await reached.release('go-on');
      return HAPPENED;
    },
  },
  'second-request': {
    group: 'A',
    title: 'another request for the same name or machine comes, and whoever stands in the window dies',
    secondRequest: 'r2',
    // Whichever of two clones of one name comes second finds it taken, unless the first was undone; reverts take turns.
    expect: (cell) => ({
      outcomes: [
        isUndo(cell) ? 'cancelled' : 'succeeded',
        'succeeded',
        ...(cell.operation === 'clone' ? (['failed'] as const) : []),
      ],
      ...(cell.operation === 'clone' ? { failureTypes: ['NameTaken'] } : {}),
    }),
    strike: async (round, reached) => {
      ask(round, 1);
      return killInWindow(round, reached);
    },
  },
  'appliance-restart': {
    group: 'A',
    title: 'the appliance restarts: sessions and connections gone, tasks kept',
    impossible: (cell) => unless(hasCallsToCome(cell) && !isDeleted(cell), 'no call to vSphere follows'),
    strike: async (round, reached) => {
      const hasLoggedIn = await loggedInSince(round);
      await round.control.expireSessions();
      round.hosts.forEach((host) => host.strike('refuse', 1));
      await reached.release('go-on');
      return hasLoggedIn;
    },
  },
  'appliance-restart-tasks-lost': {
    group: 'A',
    title: 'the appliance restarts and has forgotten its tasks',
    impossible: (cell) => unless(!isBeforePost(cell) && !isAtPost(cell), 'there is no task yet'),
    expect: (cell) => {
      const [ends, isRevert] = [
        isUndo(cell) ? 'cancelled' : 'succeeded',
        cell.operation === 'revert',
      ] as const;
      const isNeeded = isTaskRunning(cell) || cell.window === 'K16' || (isUndo(cell) && isRevert);
      return isNeeded ? { outcomes: [ends, 'needs-decision'], undecidable: true } : { outcomes: [ends] };
    },
    strike: async (round, reached) => {
      for (const { task } of await ourTasks(round))
        await round.control.call('POST', `/tasks/${encodeURIComponent(task)}`, { forget: true });
      await round.control.expireSessions();
      return killInWindow(round, reached);
    },
  },
} as const satisfies Record<string, Fault>;
