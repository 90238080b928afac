import { createHash } from 'node:crypto';
import { PRODUCT, type Rules } from './rules';
import { operatorEvents, released } from './operator';
import { attemptEvents, begin } from './runs';
import { runSteps } from './run-steps';
import { serverEvents, shown } from './server';
import { REQUESTERS, withRun, type End, type Scope, type Step, type World } from './world';
import { wrongEnd, wrongState } from './wrong-end';

export interface Exploration {
  readonly states: number;
  readonly ends: Readonly<Record<string, number>>;
  /** Why a state must not be, and how it was reached; a shortest one. */
  readonly counterexample?: { readonly why: string; readonly path: readonly string[] };
}

/**
 * Walks every interleaving within the scope, breadth first: the loop of up to two requests for one target, driven by the
 * product's own `decide` and `gather`; a server that acts late, whose lists lag and which forgets; lost replies; a worker
 * that stands still between look and write; cancels, terminations and resets.
 *
 * Time is not modelled but assumed as the design names it: when a quarantine ends, every call in flight before it has
 * been delivered or dropped, every effect from before it is visible, and the window of every earlier attempt is over. A
 * call in the hands of a dead worker's kernel has been delivered or dropped when the wait for a late call ends. But where
 * a scope says so, what a run made is listed and visible when it has ended and its lock goes on to the next.
 */
export function explore(scope: Scope, rules: Rules = PRODUCT): Exploration {
  const walk = new Walk(begin(scope));
  const found = (why: string, index: number, what?: string): Exploration => ({
    ...walk.seen(),
    counterexample: { why, path: [...walk.pathTo(index), ...(what === undefined ? [] : [what])] },
  });
  for (let at = walk.next(); at !== undefined; at = walk.next()) {
    const [world, index] = at;
    const wrong = wrongState(scope, world);
    if (wrong !== undefined) return found(wrong, index);
    let moved = false;
    for (const [what, to] of stepsFrom(scope, rules, world)) {
      moved = true;
      const why = 'kind' in to ? wrongEnd(scope, to) : undefined;
      if (why !== undefined) return found(why, index, what);
      walk.reach('kind' in to ? walk.closed(scope, to) : to, index, what);
    }
    if (!moved && isStuck(scope, world)) return found('stuck', index);
  }
  return walk.seen();
}

function* stepsFrom(scope: Scope, rules: Rules, world: World): Generator<Step> {
  for (const by of REQUESTERS) yield* runSteps(scope, rules, world, by);
  yield* attemptEvents(scope, rules, world);
  yield* serverEvents(scope, world);
  yield* operatorEvents(scope, world);
}

/** A run that has used up the posts of the scope may stand still; any other one must have a way on. */
const isStuck = ({ posts }: Scope, { runs }: World): boolean =>
  REQUESTERS.some((by) => runs[by].phase === 'active' && runs[by].posts < posts);

/** States are told by a hash of 120 bits: two of them meet by accident about never. */
class Walk {
  private readonly known = new Set<string>();
  private readonly from: number[] = [];
  private readonly labels: string[] = [];
  private readonly ends: Record<string, number> = {};
  private queue: (readonly [World, number])[] = [];
  private later: (readonly [World, number])[] = [];

  constructor(first: World) {
    this.reach(first, -1, 'begin');
  }

  reach(world: World, from: number, what: string): void {
    const hash = createHash('sha1').update(JSON.stringify(world)).digest('binary').slice(0, 15);
    if (this.known.has(hash)) return;
    this.known.add(hash);
    this.from.push(from);
    this.labels.push(what);
    this.later.push([world, this.labels.length - 1]);
  }

  next(): readonly [World, number] | undefined {
    if (this.queue.length === 0) {
      this.queue = this.later.toReversed();
      this.later = [];
    }
    return this.queue.pop();
  }

  /** The world after an end: the run is closed, and its lock goes to whoever waits. */
  closed({ operation, lagsAfterEnd }: Scope, { kind, by, world }: End): World {
    this.ends[kind] = (this.ends[kind] ?? 0) + 1;
    const ended = lagsAfterEnd ? world : shown(operation, world, by);
    const closed = withRun(ended, by, { phase: 'ended' });
    // An operator's answer is another story: the lock of a run that waits for one stays.
    return kind === 'needs-decision' ? closed : released(closed, by);
  }

  pathTo(index: number): string[] {
    const path: string[] = [];
    for (let at = index; at > 0; at = this.from[at] ?? 0) path.unshift(this.labels[at] ?? '');
    return path;
  }

  seen(): Pick<Exploration, 'states' | 'ends'> {
    return { states: this.known.size, ends: this.ends };
  }
}
