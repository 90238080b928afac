import { addRound } from './add-round';
import type { ProofOptions } from './options';
import type { RoundResult } from './processes/round-result';
import { runRounds } from './processes/run-rounds';
import { writeReport, type Report } from './report';
import { roundsOfRun, type NamedLane } from './rounds-of-run';

/** Rounds between two reports. */
const KEPT_EVERY = 25;

/** Tier 2: rounds against real processes. */
export const processTier = (options: ProofOptions, report: Report): Promise<number> =>
  playLanes(roundsOfRun(options), options, report);

/** Plays and judges rounds, tells of each, and resolves with the number of those that are not right. */
export async function playLanes(
  lanes: readonly NamedLane[],
  options: ProofOptions,
  report: Report,
): Promise<number> {
  if (lanes.length === 0) throw new Error('There is no round to play: --only or --part leaves none.');
  const told = (result: RoundResult, done: number): void => {
    addRound(report, result);
    // What was seen is kept, should the night be cut short.
    if (done % KEPT_EVERY === 0) writeReport(options.report, report);
    process.stderr.write(line(result, done, options));
  };
  await runRounds(
    lanes.map(({ lane }) => lane),
    {
      report: options.report,
      parallel: options.parallel,
      limit: options.rounds,
      forMs: options.minutes * 60_000,
      told,
    },
  );
  return report.rounds.violated + report.rounds.broken;
}

function line(
  { plan, verdict, outcome, wallMs, violations }: RoundResult,
  done: number,
  { report: folder, tiers }: ProofOptions,
): string {
  const first = `${String(done).padStart(4)} ${verdict.padEnd(9)} ${(wallMs / 1000).toFixed(1).padStart(5)} s  ${plan.id}  ${outcome}\n`;
  if (verdict === 'pass' || verdict === 'end') return first;
  const why = violations.map(({ id, because }) => `       ${id}: ${because}\n`).join('');
  return `${first}${why}       repeat: npm run proof -- --tier ${tiers.join(',')} --repeat ${folder}/plans/${plan.id}.json\n`;
}
