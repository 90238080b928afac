import type { CheckId } from '../../../proof/judge/check';
import type { Caller, Sample } from '../../../proof/judge/evidence/harness-records';
import type { Effect } from '../../../proof/judge/evidence/simulator-records';
import type { DoctoredRound } from './doctored-round';
import { nth } from './nth';

/** One lie about a recorded round, and exactly the checks that must condemn it. */
export interface Doctoring {
  readonly title: string;
  readonly round: string;
  readonly doctor: (round: DoctoredRound) => unknown;
  readonly condemned: readonly CheckId[];
}

const CLONE = 'clone-killed-at-its-post';
const REVERT = 'revert-killed-at-its-post';
const CANCELLED = 'clone-cancelled';
const UNDONE = 'revert-cancelled';
const IN_TURN = 'reverts-in-turn';
const UNDECIDED = 'revert-undecided';
const TERMINATED = 'clone-terminated';
const TAKEN = 'clone-name-taken';

const lie = (
  title: string,
  round: string,
  condemned: readonly CheckId[],
  doctor: Doctoring['doctor'],
): Doctoring => ({ title, round, condemned, doctor });

const first = (ledger: readonly Effect[]): Effect => nth(ledger, 0);
const msBefore = (at: string, ms: number): string => new Date(Date.parse(at) - ms).toISOString();
const vm = (id: string) => ({ id, name: 'ci-1', powerState: 'POWERED_OFF', contentGeneration: 1 });
/** What a caller printed, with every occurrence of a text replaced. */
const printed = (from: string | RegExp, to: string) => (caller: Caller) => ({
  ...caller,
  stdout: caller.stdout.replaceAll(from, to),
});
const inOrder =
  (...order: readonly number[]) =>
  (ledger: readonly Effect[]) =>
    order.map((index) => nth(ledger, index));
const withVm = (round: DoctoredRound, id: string) =>
  round.after((state) => ({
    ...state,
    inventory: { ...state.inventory, vms: [...state.inventory.vms, vm(id)] },
  }));
const OTHER_TASK = 'other:com.vmware.snapservice';
const byNobody = (effect: Effect): Effect => ({ ...effect, requestId: 'snapflow:elsewhere:nobody/2/1' });

/** A clone that the first request of the round made, and its deletion. */
function madeByFailed(round: DoctoredRound): Effect {
  const runs = JSON.parse(round.read('runs.json')) as { workflowId: string }[];
  const { workflowId } = runs.find((run) => run.workflowId.startsWith('snapflow:'))!;
  return {
    seq: 1,
    at: round.closedAt(),
    kind: 'clone',
    vm: 'vm-1001',
    name: 'ci-1',
    task: OTHER_TASK,
    resultVm: 'vm-2002',
    snapshot: 's',
    user: 'u',
    call: 'c',
    requestId: `${workflowId}/2/1`,
  };
}
function madeAndDeleted(round: DoctoredRound): readonly Effect[] {
  const made = madeByFailed(round);
  return [made, { ...made, seq: 2, kind: 'delete', vm: 'vm-2002', call: 'c2' }];
}

/** As if the request had asked for a name of its own, and had got this one. */
const withOwnName = (round: DoctoredRound, name: string) =>
  round
    .plan((plan) => ({
      ...plan,
      requests: plan.requests.map((request) => ({ ...request, uniqueName: true as const })),
    }))
    .ledger((ledger) => ledger.map((effect) => ({ ...effect, name })));

export const DOCTORINGS: readonly Doctoring[] = [
  lie('a clone with an own name that has no suffix', CLONE, ['J2'], (round) => withOwnName(round, 'ci-1')),
  lie('a clone whose own name another request has, too', CLONE, ['J2', 'J4'], (round) =>
    withOwnName(round, 'ci-1-k3f9x2ab').ledger((ledger) => [
      ...ledger,
      byNobody({ ...first(ledger), resultVm: 'vm-2002', task: OTHER_TASK, call: 'call-99' }),
    ]),
  ),
  lie('a second clone by another call', CLONE, ['J1'], (round) =>
    round.ledger((ledger) => [
      ...ledger,
      { ...first(ledger), resultVm: 'vm-2002', task: OTHER_TASK, call: 'call-99' },
    ]),
  ),
  lie('the effect of one call twice', CLONE, ['J1'], (round) =>
    round.ledger((ledger) => [...ledger, { ...first(ledger), resultVm: 'vm-2002', task: OTHER_TASK }]),
  ),
  lie('a second revert', REVERT, ['J1'], (round) =>
    round.ledger((ledger) => [...ledger, { ...nth(ledger, 1), task: OTHER_TASK, call: 'call-99' }]),
  ),
  lie('a content that fell below what the ledger explains', REVERT, ['J1'], (round) =>
    round.after((state) => ({
      ...state,
      inventory: {
        ...state.inventory,
        vms: state.inventory.vms.map((each) =>
          each.id === 'vm-1001' ? { ...each, contentGeneration: 0 } : each,
        ),
      },
    })),
  ),
  lie('a clone after its undo', CANCELLED, ['J1', 'J6'], (round) =>
    round.ledger((ledger) => [
      ...ledger,
      { ...first(ledger), at: msBefore(nth(ledger, 1).at, -1), resultVm: 'vm-2002', task: OTHER_TASK },
    ]),
  ),
  lie('an effect of a request that the server does not know', CLONE, ['J1', 'J8', 'J13'], (round) =>
    round.runs((runs) => runs.filter(({ type }) => type === 'holdExclusion')),
  ),
  lie('two clones that a proxy made, and nobody warns', CLONE, ['J1'], (round) =>
    round
      .plan((plan) => ({ ...plan, expect: { ...plan.expect, twoEffectsPossible: 'a proxy repeats' } }))
      .ledger((ledger) => [...ledger, { ...first(ledger), resultVm: 'vm-2002', task: OTHER_TASK }]),
  ),
  lie('a success that names another machine', CLONE, ['J2', 'J13'], (round) =>
    round
      .run((run) => ({ ...run, result: { ...(run.result as object), vmId: 'vm-2009' } }))
      .callers(printed('vm-2001', 'vm-2009')),
  ),
  lie('a success that names another task', CLONE, ['J2'], (round) =>
    round
      .run((run) => ({ ...run, result: { ...(run.result as object), taskId: OTHER_TASK } }))
      .callers(printed(/"taskId":"[^"]+"/g, `"taskId":"${OTHER_TASK}"`)),
  ),
  lie('an empty success', CLONE, ['J2', 'J13'], (round) => round.ledger(() => [])),
  lie('a success whose machine is gone', CLONE, ['J2'], (round) =>
    round.after((state) => ({
      ...state,
      inventory: { ...state.inventory, vms: state.inventory.vms.filter(({ id }) => id !== 'vm-2001') },
    })),
  ),
  lie('a success that was undone', CLONE, ['J2'], (round) =>
    round.ledger((ledger) => [...ledger, { ...first(ledger), kind: 'delete', vm: 'vm-2001' }]),
  ),
  lie('a clone of another machine', CLONE, ['J2'], (round) =>
    round.ledger((ledger) => [{ ...first(ledger), vm: 'vm-1002' }]),
  ),
  lie('a clone of another name', CLONE, ['J2'], (round) =>
    round.ledger((ledger) => [{ ...first(ledger), name: 'ci-2' }]),
  ),
  lie('a clone from a SYSTEM_CREATED snapshot as the latest', CLONE, ['J2'], (round) => {
    const { inventory } = JSON.parse(round.read('before.json')) as {
      inventory: { snapshots: { id: string; vm: string; type: string }[] };
    };
    const system = inventory.snapshots.find(
      (each) => each.vm === 'vm-1001' && each.type === 'SYSTEM_CREATED',
    );
    return round.ledger((ledger) => [{ ...first(ledger), snapshot: system!.id }]);
  }),
  lie('a revert that names another undo snapshot', REVERT, ['J2'], (round) =>
    round
      .run((run) => ({ ...run, result: { ...(run.result as object), undoSnapshotId: 'another' } }))
      .callers(printed(/"undoSnapshotId":"[^"]+"/g, '"undoSnapshotId":"another"')),
  ),
  lie('a cancelled clone that is still there', CANCELLED, ['J3'], (round) =>
    withVm(
      round.ledger((ledger) => ledger.filter(({ kind }) => kind !== 'delete')),
      'vm-2001',
    ),
  ),
  lie('a cancelled revert that was not undone', UNDONE, ['J3'], (round) =>
    round.ledger((ledger) => ledger.slice(0, 2)),
  ),
  lie('a failure that left a machine', TAKEN, ['J3', 'J13', 'J17'], (round) =>
    withVm(round.add('ledger.json', JSON.stringify([madeByFailed(round)])), 'vm-2002'),
  ),
  lie(
    'a failure that says nothing was changed, and what it made was deleted since',
    TAKEN,
    ['J17'],
    (round) => round.add('ledger.json', JSON.stringify(madeAndDeleted(round))),
  ),
  lie('an incomplete compensation that names another machine', CANCELLED, ['J3'], (round) =>
    withVm(
      round
        .ledger((ledger) => ledger.filter(({ kind }) => kind !== 'delete'))
        .plan((plan) => ({ ...plan, expect: { ...plan.expect, outcomes: ['failed'] } }))
        .run((run) => ({
          ...run,
          status: 'FAILED',
          failure: { type: 'CompensationIncomplete', message: 'The clone ci-1 (vm-3000) was not deleted.' },
        }))
        .progress((progress) => progress.map((each) => ended(each, 'failed')))
        .callers((caller) => ({
          ...printed(
            /"state":"cancelled"/g,
            '"state":"failed"',
          )(printed(/"type":"Cancelled"/g, '"type":"CompensationIncomplete"')(caller)),
          exitCode: caller.argv.includes('cancel') ? 0 : 9,
        })),
      'vm-2001',
    ),
  ),
  lie('what a terminated run left, and no list names it', TERMINATED, ['J3'], (round) =>
    round.json('list', () => []),
  ),
  lie('a delete of the source', CANCELLED, ['J4'], (round) =>
    round.ledger((ledger) => [...ledger, { ...nth(ledger, 1), vm: 'vm-1001' }]),
  ),
  lie('a delete of a machine that was powered on', CANCELLED, ['J4'], (round) =>
    round.ledger((ledger) => [
      first(ledger),
      { ...nth(ledger, 1), kind: 'power', power: 'POWERED_ON' },
      nth(ledger, 1),
    ]),
  ),
  lie('a delete of a machine that was renamed', CANCELLED, ['J4'], (round) => {
    const deleted = nth(JSON.parse(round.read('ledger.json')) as Effect[], 1);
    return round.journal((journal) => [
      ...journal,
      { event: 'changed', change: 'renamed', at: msBefore(deleted.at, 5), vm: 'vm-2001' },
    ]);
  }),
  lie('a foreign machine that was powered off', UNDONE, ['J4'], (round) =>
    round.ledger((ledger) => [...ledger, { ...nth(ledger, -1), vm: 'vm-1002', power: 'POWERED_OFF' }]),
  ),
  lie('a revert by a clone', CLONE, ['J4'], (round) =>
    round.ledger((ledger) => [...ledger, { ...first(ledger), kind: 'snapshot', task: OTHER_TASK }]),
  ),
  lie('a machine that a request outside the plan made', CLONE, ['J4', 'J5'], (round) =>
    withVm(
      round.ledger((ledger) => [...ledger, byNobody({ ...first(ledger), resultVm: 'vm-2002' })]),
      'vm-2002',
    ),
  ),
  lie('a process that is left', CLONE, ['J5'], (round) =>
    round.json<object>('processes', (left) => ({ ...left, alive: [{ role: 'worker', pid: 1 }] })),
  ),
  lie('a port that is left', CLONE, ['J5'], (round) =>
    round.json<object>('processes', (left) => ({ ...left, portsOpen: [7233] })),
  ),
  lie('a session although no worker was killed', CANCELLED, ['J5'], (round) =>
    round.sessions('appliance', 1),
  ),
  lie('more sessions than killed workers', CLONE, ['J5'], (round) => round.sessions('vcenter', 3)),
  lie('a lock whose holder has ended', CANCELLED, ['J5'], (round) =>
    round.runs((runs) =>
      runs.map((run) => (run.type === 'holdExclusion' ? { ...run, status: 'RUNNING', closedAt: null } : run)),
    ),
  ),
  lie('a task that runs on', CLONE, ['J5'], (round) =>
    round.after((state) => ({
      ...state,
      tasks: [...state.tasks, { ...nth(state.tasks, 0), task: OTHER_TASK, status: 'RUNNING' }],
    })),
  ),
  lie('a delete before the clone', CANCELLED, ['J4', 'J6'], (round) =>
    round.ledger((ledger) => ledger.toReversed()),
  ),
  lie('an undo that begins before the end of the revert', UNDONE, ['J6', 'J7'], (round) =>
    round.ledger(inOrder(0, 2, 1, 3, 4)),
  ),
  lie('a run that ended before its task', CANCELLED, ['J6'], (round) => {
    const made = first(JSON.parse(round.read('ledger.json')) as Effect[]);
    return round.run((run) => ({ ...run, closedAt: msBefore(made.at, 100) }));
  }),
  lie('two reverts that overlap', IN_TURN, ['J7'], (round) => round.ledger(inOrder(0, 2, 1, 3))),
  lie('a run that was never closed', CLONE, ['J8', 'J9', 'J12', 'J13'], (round) =>
    round
      .run((run) => ({ ...run, closedAt: null, result: undefined, status: 'RUNNING' }))
      .progress((progress) => progress.slice(0, 2)),
  ),
  lie('a run that timed out', CLONE, ['J8', 'J9', 'J13'], (round) =>
    round.run((run) => ({ ...run, status: 'TIMED_OUT' })),
  ),
  lie('a question in a cell that can be decided', UNDECIDED, ['J8'], (round) =>
    round.plan((plan) => ({ ...plan, expect: { ...plan.expect, undecidable: false } })),
  ),
  lie('a run that is blocked although all has healed', UNDECIDED, ['J8'], (round) =>
    round
      .plan((plan) => ({ ...plan, expect: { ...plan.expect, outcomes: ['blocked'] } }))
      .run((run) => ({ ...run, memo: { ...run.memo, snapflowState: 'blocked' } }))
      .progress((progress) =>
        progress.map((each) =>
          each.state === 'needs-decision' ? { ...each, state: 'running', condition: 'blocked' } : each,
        ),
      )
      .callers((caller) => ({ ...caller, exitCode: 130, signal: null, stdout: '' })),
  ),
  lie('a round in which nothing was accepted', CLONE, ['J8'], (round) =>
    round
      .runs(() => [])
      .ledger(() => [])
      .callers((caller) => ({ ...caller, exitCode: 4, stdout: '' }))
      .progress(() => [])
      .journal((journal) => journal.filter(({ event }) => !['accepted', 'attached'].includes(event))),
  ),
  lie('an accepted request without a run', CLONE, ['J8'], (round) =>
    round
      .plan((plan) => ({
        ...plan,
        requests: [...plan.requests, { ...nth(plan.requests, 0), requestId: 'two' }],
      }))
      .journal((journal) => [...journal, { at: nth(journal, 0).at, event: 'accepted', requestId: 'two' }]),
  ),
  lie('a question that hangs', CLONE, ['J8', 'J10'], (round) =>
    round.runs((runs) => [...runs, { ...nth(runs, 0), type: 'inspect', runId: 'r', status: 'RUNNING' }]),
  ),
  lie('a success where only a failure is expected', CLONE, ['J9'], (round) =>
    round.plan((plan) => ({ ...plan, expect: { ...plan.expect, outcomes: ['failed'] } })),
  ),
  lie('a failure of another type', TAKEN, ['J9'], (round) =>
    round.plan((plan) => ({ ...plan, expect: { ...plan.expect, failureTypes: ['TaskFailed'] } })),
  ),
  ...(['cached', 'uncached'] as const).map((how) =>
    lie(`a history that does not replay ${how}`, CLONE, ['J10'], (round) =>
      round.json<Record<string, object>>('replay', (replay) =>
        Object.fromEntries(
          Object.entries(replay).map(([name, each]) => [name, { ...each, [how]: 'nondeterminism' }]),
        ),
      ),
    ),
  ),
  lie('a history that was not recorded', CLONE, ['J10'], (round) => round.delete(round.historyFile())),
  lie('a history that was not replayed', CLONE, ['J10'], (round) => round.json('replay', () => ({}))),
  lie('a request that took too long', CLONE, ['J12'], (round) =>
    round.plan((plan) => ({ ...plan, deadlineMs: 100 })),
  ),
  lie('a question that nobody saw', UNDECIDED, ['J12', 'J13'], (round) =>
    round.progress((progress) => progress.filter(({ state }) => state !== 'needs-decision')),
  ),
  lie('a success that the caller was told as a failure', CLONE, ['J13'], (round) =>
    round.callers((caller) => ({ ...caller, exitCode: 1 })),
  ),
  lie('a cancel that the caller was told as a success', CANCELLED, ['J13'], (round) =>
    round.callers((caller) => ({
      ...printed(/"state":"cancelled"/g, '"state":"succeeded"')(caller),
      exitCode: 0,
    })),
  ),
  lie('a caller who was told another machine', CLONE, ['J13'], (round) =>
    round.callers(printed('vm-2001', 'vm-2009')),
  ),
  lie('a wrong exit code of a failure', TAKEN, ['J13'], (round) =>
    round.callers((caller) => ({ ...caller, exitCode: 1 })),
  ),
  lie('a caller who was told another failure', TAKEN, ['J13'], (round) =>
    round.callers(printed(/"type":"NameTaken"/g, '"type":"PlacementInvalid"')),
  ),
  lie('a caller who was told of a run that does not exist', CLONE, ['J13'], (round) =>
    round.callers(printed(/"runId":"[^"]+"/g, '"runId":"01a2021f-0000-7000-8000-000000000000"')),
  ),
  lie('a caller who was told "still running" long after the end', CLONE, ['J13'], (round) =>
    round.callers((caller) => ({
      ...caller,
      endedAt: msBefore(caller.endedAt, -60_000),
      exitCode: 7,
      stdout: '',
    })),
  ),
  lie('a percent that falls', CANCELLED, ['J15'], (round) =>
    round.progress((progress) =>
      progress.map((each, index) =>
        index === progress.findLastIndex(({ percent }) => percent !== undefined)
          ? { ...each, percent: 2 }
          : each,
      ),
    ),
  ),
  lie('a phase that goes back', CLONE, ['J15'], (round) =>
    round.progress((progress) => [
      { ...nth(progress, 0), phase: 'verify' },
      { ...nth(progress, 0), phase: 'start' },
    ]),
  ),
  lie('a run that runs again after its end', CLONE, ['J15'], (round) =>
    round.progress((progress) => [
      ...progress,
      { ...nth(progress, -1), at: msBefore(nth(progress, -1).at, -1), state: 'running' },
    ]),
  ),
  lie('a history that is too long', CLONE, ['J16'], (round) =>
    round.plan((plan) => ({ ...plan, bounds: { ...plan.bounds, events: 5 } })),
  ),
  lie('too many calls of an operation', CLONE, ['J16'], (round) =>
    round.plan((plan) => ({ ...plan, bounds: { ...plan.bounds, calls: { 'tasks.list': 1 } } })),
  ),
];

const ended = (sample: Sample, state: string): Sample =>
  sample.state === 'cancelled' ? { ...sample, state } : sample;
