import { each, type Check } from '../check';
import type { Evidence } from '../evidence/evidence';
import type { Sample } from '../evidence/harness-records';
import { awaitedTasks } from '../view/awaited-tasks';

/** Progress never falls: a run's phases come in order, an ended run stays ended, and percent falls only for another task. */
export const progress: Check = {
  id: 'J15',
  demands: 'progress never falls',
  judge: ({ evidence }) =>
    each('sampled runs', [...byRun(evidence.progress).values()], (samples) => falls(samples, evidence)),
};

function byRun(samples: readonly Sample[]): ReadonlyMap<string, Sample[]> {
  const runs = new Map<string, Sample[]>();
  for (const sample of samples) runs.set(sample.runId, [...(runs.get(sample.runId) ?? []), sample]);
  return runs;
}

/**
 * A start may be decided again after a wait, and a revert looks at its machine again after it waited for its turn: what
 * shares a number may alternate. An undo is the same loop once more, after `compensate`.
 */
const RANK: Readonly<Record<string, number>> = {
  prepare: 0,
  exclusion: 0,
  start: 1,
  wait: 1,
  verify: 2,
  finish: 3,
  compensate: 4,
};
const ENDED = ['succeeded', 'failed', 'cancelled'];

function falls(samples: readonly Sample[], { histories }: Evidence): readonly (string | undefined)[] {
  const [first] = samples;
  if (first === undefined) return [];
  const tasks = awaitedTasks(histories.get(first.runId));
  const about = `run ${first.runId} of ${first.requestId}`;
  return [...phaseFalls(samples, about), ...percentFalls(samples, Math.max(0, tasks - 1), about)];
}

function phaseFalls(samples: readonly Sample[], about: string): readonly string[] {
  const found: string[] = [];
  let highest: Sample | undefined;
  let ended: Sample | undefined;
  for (const sample of samples) {
    if (ended !== undefined && sample.state !== ended.state)
      found.push(`${about} was ${ended.state} at ${ended.at} and ${sample.state} at ${sample.at}`);
    if (ENDED.includes(sample.state)) ended ??= sample;
    const rank = rankOf(sample);
    if (rank === undefined || ended !== undefined) continue;
    const reached = rankOf(highest) ?? 0;
    const isUndo = reached >= 2 && sample.condition === 'compensating';
    if (rank < reached && !isUndo)
      found.push(
        `${about} was in ${highest?.phase} at ${highest?.at} and in ${sample.phase} at ${sample.at}`,
      );
    if (rank >= reached && sample.condition !== 'compensating') highest = sample;
  }
  return found;
}

const rankOf = (sample: Sample | undefined): number | undefined =>
  sample?.phase === undefined ? undefined : RANK[sample.phase];

/** Each further task that the run waited for begins anew. */
function percentFalls(samples: readonly Sample[], allowed: number, about: string): readonly string[] {
  const shown = samples.filter(({ phase, percent }) => phase === 'wait' && percent !== undefined);
  const found = shown.flatMap((sample, index) => {
    const before = shown[index - 1];
    return before !== undefined && (sample.percent ?? 0) < (before.percent ?? 0)
      ? [`${about} fell from ${before.percent} % at ${before.at} to ${sample.percent} % at ${sample.at}`]
      : [];
  });
  return found.slice(allowed);
}
