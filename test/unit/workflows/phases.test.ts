import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Look, StartOutcome, TaskEnd } from '../../../src/contract/evidence';
import type { Resolution } from '../../../src/contract/resolve';
import { decide } from '../../../src/workflows/decide';
import { beforeRecall } from '../../../src/workflows/evidence';
import type { Evidence, Phase } from '../../../src/workflows/phases';
import {
  answered,
  cloneEvidence,
  ended,
  failed,
  gone,
  look,
  looked,
  paused,
  posted,
  recalled,
  succeeded,
  task,
  unreadable,
  vm,
  waited,
} from './evidence';

const ROOT = join(__dirname, '../../..');

/** Each kind of phase, so that a new one does not compile without a line here. */
const KINDS: Readonly<Record<Phase['kind'], true>> = {
  unposted: true,
  stale: true,
  unread: true,
  unknown: true,
  looking: true,
  ours: true,
  ended: true,
  lost: true,
  resolved: true,
};

const refused = (final: boolean, type: 'Busy' | 'NameTaken'): StartOutcome => ({
  kind: 'refused',
  final,
  failure: { type, message: 'no' },
});
const OUTCOMES: readonly StartOutcome[] = [
  { kind: 'started', taskId: 'mine' },
  refused(false, 'Busy'),
  refused(true, 'NameTaken'),
  { kind: 'stale', what: 'the machine is POWERED_ON' },
  { kind: 'unknown', reason: 'lost' },
  { kind: 'unknown', reason: 'killed', withoutWord: true },
  { kind: 'unknown', reason: 'a reset', afterReset: true },
];
const made = { resultId: 'vm-new' };
const LOOKS: readonly Look[] = [
  look(),
  look({ tasks: [task('t1'), task('mine')] }),
  look({ tasks: [task('t1', { status: 'SUCCEEDED', ...made })], vms: [vm('vm-new')] }),
];
const endsOf = (taskId: string): readonly TaskEnd[] => [
  succeeded(taskId, made),
  failed(taskId),
  gone(taskId),
  unreadable(taskId),
];
const ANSWERS: readonly Resolution[] = [
  { kind: 'task', taskId: 'mine' },
  { kind: 'vm', vmId: 'vm-new' },
  { kind: 'repeat' },
];
const mine = ['mine'];
const EARLIER = [
  {},
  { taskIds: mine },
  { taskIds: mine, ends: [succeeded('mine', made)] },
  { taskIds: mine, ends: [gone('mine')] },
  { taskIds: mine, ends: [gone('mine')], withoutWord: true as const },
];

/** Where the step that `decide` takes may lead; `undefined` is the end of the run. */
function nextOf(e: Evidence): readonly (Evidence | undefined)[] {
  const decision = decide(e);
  switch (decision.kind) {
    case 'post':
      return [...OUTCOMES.map((outcome) => posted(e, outcome)), beforeRecall(e.known)];
    case 'pause':
      return [paused(e)];
    case 'recall':
      return EARLIER.map((earlier) => recalled(e, earlier));
    case 'quarantine':
      return [waited(e)];
    case 'look':
      return LOOKS.map((seen) => looked(e, seen));
    case 'await':
      return endsOf(decision.taskId).map((end) => ended(e, end));
    case 'needs-decision':
      return [...answersIn(e).map((answer) => answered(e, answer)), undefined];
    case 'done':
    case 'fail':
      return [undefined];
  }
}

/** Nothing is made again while a task of this request may still work: `repeat` is no answer then. */
const answersIn = ({ phase }: Evidence): readonly Resolution[] =>
  phase.kind === 'ended' ? ANSWERS.filter(({ kind }) => kind !== 'repeat') : ANSWERS;

/** Every arrow from one phase to another that the code takes. */
function walked(): ReadonlySet<string> {
  const first = cloneEvidence({ maxUnknowns: 2 });
  const arrows = new Set(['[*] --> unposted', '[*] --> unread']);
  const seen = new Set<string>();
  const queue: Evidence[] = [first, beforeRecall(first.known)];
  for (let e = queue.pop(); e !== undefined; e = queue.pop()) {
    for (const next of nextOf(e)) {
      arrows.add(`${e.phase.kind} --> ${next?.phase.kind ?? '[*]'}`);
      const key = JSON.stringify(next);
      if (next === undefined || seen.has(key) || next.known.unknowns > 2) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return arrows;
}

function drawn(): readonly string[] {
  const [, drawing = ''] =
    /stateDiagram-v2\n(.*?)```/s.exec(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')) ?? [];
  return drawing
    .split('\n')
    .filter((line) => line.includes('-->'))
    .map((line) => line.replace(/:.*/, '').trim());
}

test('the drawing of the states in ARCHITECTURE has every phase and no other one', () => {
  const named = drawn()
    .flatMap((arrow) => arrow.split(' --> '))
    .filter((name) => name !== '[*]');
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(KINDS).toSorted());
});

test('it has every arrow that the code takes, once, and no other one', () => {
  expect(drawn().toSorted()).toEqual([...walked()].toSorted());
});
