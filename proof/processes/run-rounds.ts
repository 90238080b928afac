import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../judge/evidence/plan';
import { judgeFolder } from './judge-folder';
import { playRound, type Stage } from './play-round';
import { Replayer } from './replayer';
import type { RoundResult } from './round-result';
import { seenInRound } from './seen-in-round';
import { SharedServers } from './servers';

/** Gives the next plan of a sequence, which may depend on the result of the one before; undefined at its end. */
export type Lane = (last: RoundResult | undefined) => Plan | undefined;

export interface RoundsOptions {
  readonly report: string;
  readonly parallel: number;
  /** Most rounds that are begun. */
  readonly limit?: number;
  /** None is begun later. */
  readonly forMs?: number;
  readonly told: (result: RoundResult, done: number) => void;
}

/** A harness that fails so often has a fault of its own: the rest would say nothing. */
const BROKEN_AT_MOST = 5;

/** Plays lanes side by side; within a lane one round after the other. */
export async function runRounds(
  lanes: readonly Lane[],
  { report, parallel, limit = Infinity, forMs = Infinity, told }: RoundsOptions,
): Promise<readonly RoundResult[]> {
  const shared = new SharedServers();
  const replayer = new Replayer();
  const results: RoundResult[] = [];
  const waiting = [...lanes];
  let begun = 0;
  const until = performance.now() + forMs;
  const mayBegin = () => !isHopeless() && performance.now() < until && begun < limit;
  const isHopeless = () => results.filter(({ verdict }) => verdict === 'broken').length >= BROKEN_AT_MOST;
  const runLane = async (lane: Lane): Promise<void> => {
    let last: RoundResult | undefined;
    for (let plan = lane(last); plan !== undefined && mayBegin(); plan = lane(last)) {
      begun += 1;
      last = await runRound(plan, report, { shared, replayer });
      results.push(last);
      told(last, results.length);
    }
  };
  const runner = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) await runLane(lane);
  };
  try {
    await Promise.all(Array.from({ length: parallel }, runner));
  } finally {
    await replayer.stop();
    await shared.stop();
  }
  return results;
}

/** A lane of one round. */
export const single =
  (plan: Plan): Lane =>
  (last) =>
    last === undefined ? plan : undefined;

async function runRound(plan: Plan, report: string, stage: Stage): Promise<RoundResult> {
  const folder = join(report, 'rounds', plan.id);
  const startedAt = performance.now();
  let result: RoundResult;
  try {
    result = await inTime(plan, playAndJudge(plan, folder, stage));
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    result = {
      plan,
      verdict: 'broken',
      violations: [{ id: 'harness', because }],
      sometimes: [],
      outcome: 'none',
      wallMs: Math.round(performance.now() - startedAt),
    };
  }
  keep(result, report, folder);
  return result;
}

/** Start, drain and judgement of a round on a busy machine; what takes longer hangs. */
const AROUND_ROUND_MS = 300_000;

/** A harness that hangs must not hold up the night. */
async function inTime<T>({ deadlineMs }: Plan, round: Promise<T>): Promise<T> {
  const over = new AbortController();
  const withinMs = deadlineMs + AROUND_ROUND_MS;
  const late = sleep(withinMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`the round was not over within ${withinMs} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([round, late]);
  } finally {
    over.abort();
  }
}

async function playAndJudge(plan: Plan, folder: string, stage: Stage): Promise<RoundResult> {
  const { fired, wallMs } = await playRound(plan, folder, stage);
  const { round, checks } = judgeFolder(folder);
  const violated = checks.filter(({ verdict }) => verdict === 'violation');
  // Without its fault a round ends as no plan with a fault expects it.
  const violations = fired ? violated : violated.filter(({ id }) => id !== 'J9');
  const isVoid = !fired && violations.length === 0;
  return {
    plan,
    verdict: isVoid ? (plan.kind === 'sweep' ? 'end' : 'void') : round,
    violations: violations.map(({ id, because }) => ({ id, because })),
    ...seenInRound(folder),
    wallMs,
  };
}

/** A round that passed needs no evidence; of any other everything is kept, and its plan can be repeated. */
function keep({ verdict, plan }: RoundResult, report: string, folder: string): void {
  rmSync(join(folder, 'secrets.json'), { force: true });
  if (verdict === 'pass' || verdict === 'end') return rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(report, 'plans'), { recursive: true });
  writeFileSync(join(report, 'plans', `${plan.id}.json`), `${JSON.stringify(plan, null, 2)}\n`);
}
