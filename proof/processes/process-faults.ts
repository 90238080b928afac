import type { Fault } from './fault';
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
  askAgain,
  killInWindow,
} from './strike-process';
import { isAtPost, isBeforePost, isUndo, unless } from './window-sets';

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
    strike: async (scene, reached) => {
      askAgain(scene);
      await reached.release('go-on');
    },
  },
  'appliance-restart': {
    group: 'A',
    title: 'the appliance restarts: sessions and connections gone, tasks kept',
    strike: async (scene, reached) => {
      await scene.control.call('POST', '/sessions/expire');
      scene.hosts.forEach((host) => host.strike('refuse', 1));
      await reached.release('go-on');
    },
  },
  'appliance-restart-tasks-lost': {
    group: 'A',
    title: 'the appliance restarts and has forgotten its tasks',
    impossible: (cell) => unless(!isBeforePost(cell) && !isAtPost(cell), 'there is no task yet'),
    expect: (cell) =>
      isUndo(cell)
        ? { outcomes: ['cancelled', 'failed', 'needs-decision'], undecidable: true }
        : { outcomes: ['succeeded', 'needs-decision'], undecidable: true },
    strike: async (scene, reached) => {
      for (const { task } of await scene.control.ourTasks())
        await scene.control.call('POST', `/tasks/${encodeURIComponent(task)}`, { forget: true });
      await scene.control.call('POST', '/sessions/expire');
      await killInWindow(scene, reached);
    },
  },
} as const satisfies Record<string, Fault>;
