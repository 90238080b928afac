import type { Operation } from '../../src/contract/operations';
import type { End, Evidence, Phase } from '../../src/workflows/phases';
import { PRODUCT, type Rules } from './rules';
import { SCOPES } from './scopes';
import { withoutLateCalls, withoutLook, withoutWait } from './without-guards';
import type { Scope } from './world';

/** The product with one guard taken out: the model must find what goes wrong then. */
export interface Mutant {
  readonly title: string;
  readonly operation: Operation;
  readonly rules: Rules;
  /** The scope in which it shows. */
  readonly scope: Scope;
}

const { decide, afterStart, afterLook, afterEnd } = PRODUCT;

/** As if every task were of our account. */
const withoutUsers: Partial<Rules> = {
  afterLook: (known, phase, seen) => {
    const tasks = seen.tasks.map((task) => ({ ...task, user: known.user }));
    return afterLook(known, phase, { ...seen, tasks });
  },
  afterEnd: (known, phase, end) => afterEnd(known, phase, { ...end, user: known.user } as End),
};

const withoutStrays: Rules['afterLook'] = (known, phase, look) => {
  const { strays: _, ...seen } = look;
  return afterLook(known, phase, seen);
};

function withoutOwnName({ known, phase }: Evidence): Evidence {
  const { hasOwnName: _, ...rest } = known;
  return { known: rest, phase };
}

const byNameOnly: Rules['decide'] = (e) => {
  const decision = decide(e);
  const [vm] = e.phase.kind === 'looking' ? (e.phase.look?.vms ?? []) : [];
  return decision.kind === 'needs-decision' && vm !== undefined
    ? { kind: 'done', vmId: vm.vmId, warnings: [] }
    : decision;
};

const ignoresBaseline: Rules['afterLook'] = (known, phase, seen) => {
  const baseline = { runId: 'run', tasks: [], vms: [], serviceSeen: true };
  return { known, phase: afterLook({ ...known, baseline }, phase, seen).phase };
};

const unknownAsRefused: Rules['afterStart'] = (known, phase, outcome) =>
  afterStart(
    known,
    phase,
    outcome.kind === 'unknown'
      ? { kind: 'refused', final: false, failure: { type: 'Unreachable', message: outcome.reason } }
      : outcome,
  );

/** A transition after which the safety wait is what it was before. */
const keepsWait = (before: Phase, { known, phase }: Evidence): Evidence => ({
  known,
  phase:
    'hasWaited' in before && phase.kind === 'looking' ? { ...phase, hasWaited: before.hasWaited } : phase,
});

/** As if the first check had fixed them for good. */
const keepsCandidates: Rules['afterLook'] = (known, before, look) => {
  const { known: after, phase } = afterLook(known, before, look);
  return before.kind === 'looking' && phase.kind === 'looking'
    ? { known: after, phase: { ...phase, candidates: before.candidates } }
    : { known: after, phase };
};

const goneAsFailed = (end: End): End =>
  end.kind === 'gone' ? { ...end, kind: 'failed', message: '404' } : end;

const THREE = 'three attempts, a cancel';
const FOREIGN = 'two attempts, one of them paused, another user, a cancel';
const PAUSED = 'two attempts, one of them paused, a reset, a cancel';
const SECOND = 'two requests for one target, a paused attempt';
const TERMINATED = 'two requests for one target, a termination, then --again';
const OWN = 'own name, three attempts, a cancel';
const RENAMED = 'own name, a machine that is renamed';
const TWICE = 'own name, a call that is delivered twice, a cancel';
const CLOSED_RESET = 'two requests for one target, a cancel, a closed run is reset';

type Guard = readonly [title: string, scope: string, rules: Partial<Rules>, only?: Operation];

const GUARDS: readonly Guard[] = [
  ['no quarantine', THREE, { decide: (e) => decide(withoutWait(e)) }],
  [
    'the call of a dead worker is waited for no longer',
    THREE,
    { decide: (e) => decide(withoutLateCalls(e)) },
  ],
  [
    'what the call of a dead worker made late is no candidate',
    THREE,
    { afterLook: keepsCandidates },
    'clone',
  ],
  ["another run's start without its worker's word is not told", PAUSED, { tellsSilence: false }],
  ['no look before a post', THREE, { decide: (e) => decide(withoutLook(e)) }],
  ['unknown read as refused', THREE, { afterStart: unknownAsRefused }],
  ['a failed look reads as nothing', THREE, { lookFails: true }],
  [
    'a lost task record read as failed',
    THREE,
    { afterEnd: (known, phase, end) => afterEnd(known, phase, goneAsFailed(end)) },
  ],
  ['adopt ignores the user', FOREIGN, withoutUsers],
  ['no deadline check: a paused attempt posts when it wakes up', PAUSED, { windowCloses: false }],
  ['a run that a reset made posts at once', PAUSED, { resetWaits: false }],
  ['a cancel ends a run that a reset made unseen', PAUSED, { beforeStop: undefined }],
  ['no exclusion', SECOND, { excludes: false }],
  ['the call of a terminated holder is not waited out', TERMINATED, { settles: false }],
  [
    'the call of a dead and terminated holder is waited out no longer than another',
    TERMINATED,
    { settlesLate: false },
    'revert',
  ],
  ['adopt ignores the baseline', THREE, { afterLook: ignoresBaseline }, 'revert'],
  [
    "a predecessor's revert adopted: a baseline that is no look under the lock",
    SECOND,
    // What the holder recorded would be known, too: both guards have to be taken out.
    { looksUnderLock: false, claims: false },
    'revert',
  ],
  ['what another request recorded may be a candidate', TERMINATED, { claims: false }],
  ['another turn since is not told', TERMINATED, { tellsContest: false }, 'revert'],
  ['a look does not tell that another took the lock', CLOSED_RESET, { tellsTaken: false }],
  ['adopt by name only', THREE, { decide: byNameOnly }, 'clone'],
  ['an own name is adopted although a failed task may have left it', OWN, { decide: byNameOnly }],
  ['an own name proves nothing', OWN, { decide: (e) => decide(withoutOwnName(e)) }],
  ['a machine of another name is no trace', RENAMED, { afterLook: withoutStrays }],
  ['a call that finds its own name taken is refused', TWICE, { twiceIsUnknown: false }],
  ['a failed task beside its twin is a failure', TWICE, { decide: (e) => decide(withoutOwnName(e)) }],
  [
    'no visibility wait after an awaited candidate',
    THREE,
    { afterEnd: (known, phase, end) => keepsWait(phase, afterEnd(known, phase, end)) },
    'clone',
  ],
  [
    'no visibility wait after our own task has failed',
    THREE,
    { decide: (e) => decide(e.phase.kind === 'ended' ? withoutWait(e) : e) },
  ],
  [
    'no visibility wait after a task that has ended before the first look',
    THREE,
    { afterLook: (known, phase, seen) => keepsWait(phase, afterLook(known, phase, seen)) },
    'clone',
  ],
];

export const MUTANTS: readonly Mutant[] = GUARDS.flatMap(([title, scopeTitle, rules, only]) =>
  SCOPES.filter((scope) => scope.title === `${scope.operation}: ${scopeTitle}`)
    .filter(({ operation }) => only === undefined || operation === only)
    .map((scope) => ({ title, operation: scope.operation, scope, rules: { ...PRODUCT, ...rules } })),
);
