import { join } from 'node:path';
import { mergeReports } from './merge-reports';
import type { ProofOptions } from './options';
import { playLanes } from './process-tier';
import { isInOwnNamespace, runInNamespace, whyNoNamespace } from './processes/namespace';
import { readReport, type Report } from './report';
import { packetRounds } from './rounds-of-run';

/** Tier 3: rounds in a network namespace of their own, in which the kernel loses packets. Skipped where there is none. */
export async function packetTier(options: ProofOptions, report: Report): Promise<number> {
  if (isInOwnNamespace()) return playLanes(packetRounds(options), options, report);
  const because = whyNoNamespace();
  if (because !== undefined) {
    process.stdout.write(`The rounds with packet loss are skipped: ${because}.\n`);
    return 0;
  }
  const folder = join(options.report, 'packets');
  const main = join(__dirname, 'main.ts');
  await runInNamespace([...process.execArgv, main, ...argumentsOf(options), '--report', folder]);
  const { parts: _sameCommand, ...played } = readReport(join(folder, 'report.json'));
  const { played: rounds, passed, violated, broken } = played.rounds;
  played.tiers['packets'] = { rounds, passed };
  Object.assign(report, mergeReports([report, { ...played, parts: [] }]));
  return violated + broken;
}

/** What the options say about this tier, as words. */
const argumentsOf = ({
  seed,
  only,
  rounds,
  minutes,
  parallel,
  mode,
  files,
}: ProofOptions): readonly string[] => [
  '--tier=3',
  `--seed=${seed}`,
  `--only=${only}`,
  `--parallel=${parallel}`,
  ...(Number.isFinite(rounds) ? [`--rounds=${rounds}`] : []),
  ...(Number.isFinite(minutes) ? [`--minutes=${minutes}`] : []),
  ...(mode === 'repeat' ? files.map((file) => `--repeat=${file}`) : []),
];
