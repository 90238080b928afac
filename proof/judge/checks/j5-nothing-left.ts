import { each, together, type Check, type Finding } from '../check';
import { describeEffect } from '../view/describe-effect';
import type { RoundView } from '../view/round-view';

/**
 * Nothing is left behind: no machine, task, lock, process or port, and no session but those of killed workers and of logins
 * whose reply a fault took. What a failed request left is J3's question.
 */
export const nothingLeft: Check = {
  id: 'J5',
  demands: 'no machine, task, lock, process, port or session is left behind',
  judge: (round) =>
    together('things', machines(round), tasks(round), locks(round), processes(round), sessions(round)),
};

/** Machines and snapshots that came into being must have an entry of the ledger, unless the world made them. */
function machines({ evidence, owners, requests }: RoundView): Finding {
  const made = evidence.ledger.filter(({ kind }) => ['clone', 'restore', 'snapshot'].includes(kind));
  return each(
    'made objects',
    made.filter((effect) => owners.workflowOf(effect) !== undefined),
    (effect) => {
      const isOf = requests.some(({ all }) => all.includes(effect));
      const isLeft = evidence.after.inventory.vms.some(({ id }) => id === effect.resultVm);
      return [!isOf && isLeft && `${describeEffect(effect)} is left, and no request of the plan made it`];
    },
  );
}

/** A task that runs on may still have its effect: the round was judged too early, or something was forgotten. */
function tasks({ evidence, requests }: RoundView): Finding {
  const isSettled = requests.every(({ last }) => last === undefined || last.status !== 'RUNNING');
  const open = evidence.after.tasks.filter(({ status }) => !['SUCCEEDED', 'FAILED'].includes(status));
  return each('tasks', isSettled && evidence.plan.heals ? open : [], ({ task, kind, vm, status }) => [
    `task ${task} (${kind} of ${vm}) is ${status} although every request has ended`,
  ]);
}

/** A run that a reset made leaves its lock when it is terminated: the server does not know that it holds it. */
function locks({ evidence }: RoundView): Finding {
  const known = ['reset', 'terminated'].every((event) =>
    evidence.journal.some((entry) => entry.event === event),
  );
  const closed = new Set(
    evidence.runs.filter(({ status }) => status !== 'RUNNING').map(({ workflowId }) => workflowId),
  );
  const open = new Set(
    evidence.runs.filter(({ status }) => status === 'RUNNING').map(({ workflowId }) => workflowId),
  );
  const running = evidence.runs.filter(
    ({ type, status }) => type === 'holdExclusion' && status === 'RUNNING',
  );
  return each('locks', known ? [] : running, ({ workflowId, runId }) => {
    const holder = holderOf(evidence.histories.get(runId));
    return [
      (holder === undefined || (closed.has(holder) && !open.has(holder))) &&
        `the lock ${workflowId} (run ${runId}) is held although ${holder ?? 'nobody'} has ended`,
    ];
  });
}

function holderOf(history: { events: readonly Record<string, unknown>[] } | undefined): string | undefined {
  const started = history?.events[0]?.['workflowExecutionStartedEventAttributes'];
  const { parentWorkflowExecution } = (started ?? {}) as {
    parentWorkflowExecution?: { workflowId?: string };
  };
  return parentWorkflowExecution?.workflowId;
}

function processes({ evidence: { processes: left } }: RoundView): Finding {
  const alive = each('processes', left.alive, (one) => [`process ${JSON.stringify(one)} is left alive`]);
  const ports = each('ports', left.portsOpen, (port) => [`port ${port} is left open`]);
  return together('processes and ports', { ...alive, looked: left.started.length }, ports);
}

/** One of each host per killed worker, and two of vCenter: VI/JSON may have had one of its own. */
const PER_KILLED = { appliance: 1, vcenter: 2 } as const;

/** Of each host: a worker that drains while its connections are refused cannot log out. */
const lostLogouts = ({ window, fault }: RoundView['evidence']['plan']): number =>
  window === 'K24' && fault.startsWith('connection-') ? 1 : 0;

function sessions({ evidence }: RoundView): Finding {
  const killed = evidence.journal.filter(
    ({ event, process = 'worker' }) => event === 'killed' && process.startsWith('worker'),
  ).length;
  const lostLogins = evidence.faults
    .filter(({ operation }) => /login|session/.test(operation) || operation === '*')
    .reduce((sum, { fired }) => sum + fired, 0);
  const known = new Set(
    [...evidence.before.sessions.appliance, ...evidence.before.sessions.vcenter].map(({ key }) => key),
  );
  const hosts = ['appliance', 'vcenter'] as const;
  return each('hosts', hosts, (host) => {
    const left = evidence.after.sessions[host].filter(({ key }) => !known.has(key));
    const expected = killed * PER_KILLED[host] + lostLogins + lostLogouts(evidence.plan);
    const keys = left.map(({ key }) => key).join(', ');
    return [
      left.length > expected &&
        `${left.length} sessions of the ${host} are left (${keys}), ${expected} are explained by killed workers and lost logins`,
    ];
  });
}
