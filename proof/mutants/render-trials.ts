import { DETECTORS } from './detector';
import type { Trial } from './trial';

/** Who caught what, as a table of Markdown. */
export function renderTrials(trials: readonly Trial[]): string {
  const head = ['mutant', ...DETECTORS, 'first catcher', 'seconds'];
  const rows = trials.map(({ mutant, answers, firstCatcher, seconds }) => [
    mutant,
    ...DETECTORS.map((name) => answers[name] ?? '-'),
    firstCatcher ?? 'NOBODY',
    String(seconds),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
