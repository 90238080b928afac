import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { commitOf, PROVEN } from './commit-of';
import { gapsOf } from './gaps';
import { mergeReports } from './merge-reports';
import { readSetAside, setAside } from './set-aside';
import { readTrials } from './mutants/trials-file';
import { parseOptions, USAGE, UsageError, type ProofOptions } from './options';
import { runRecovery } from './recovery/run-recovery';
import { renderDocument } from './render-document';
import { CHECKED_IN, emptyReport, readReport, writeReport, type Report } from './report';
import { packetRounds, roundsOfRun } from './rounds-of-run';
import { tally } from './tally';
import { TIERS } from './tiers';

const ROOT = join(__dirname, '..');
const DOCUMENT = join(ROOT, 'docs', 'proof.md');
const TRIALS = join(ROOT, 'docs', 'mutants.json');
/** Those that name each violated round themselves. */
const TIERS_OF_ROUNDS = [2, 3];
const VIOLATED = 1;
const USAGE_WRONG = 2;

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const options = parseOptions(argv);
  if (options.planListOnly) {
    process.stdout.write(
      `${(options.tiers.includes(3) ? packetRounds(options) : roundsOfRun(options))
        .map(({ name }) => name)
        .join('\n')}\n`,
    );
    return 0;
  }
  mkdirSync(options.report, { recursive: true });
  if (options.mode === 'merge') return merge(options);
  if (options.mode === 'document') return document();
  return run(options, argv);
}

function merge({ files, report: folder }: ProofOptions): number {
  const merged = mergeReports(files.map((file) => readReport(join(file, 'report.json'))));
  setAside(merged, readSetAside());
  return Math.max(finish(merged, folder), isWithoutGaps(merged) ? 0 : VIOLATED);
}

function isWithoutGaps(report: Report): boolean {
  const gaps = gapsOf(report);
  process.stdout.write(gaps.map((gap) => `missing: ${gap}\n`).join(''));
  return gaps.length === 0;
}

/** Only of a night set that nothing has cut short, everything can be asked. */
const isWholeNight = ({ mode, part, only, rounds, minutes, missing, stale, tiers }: ProofOptions): boolean =>
  mode === 'night' &&
  part.of === 1 &&
  only === '' &&
  rounds === Infinity &&
  minutes === Infinity &&
  !missing &&
  !stale &&
  tiers.includes(2);

function document(): number {
  writeFileSync(DOCUMENT, renderDocument(readReport(CHECKED_IN), readTrials(TRIALS)));
  return 0;
}

async function run(options: ProofOptions, argv: readonly string[]): Promise<number> {
  const report = emptyReport();
  const startedAt = new Date();
  const missed = options.mode === 'recovery' ? await runRecovery(options, report) : 0;
  for (const number of options.mode === 'recovery' ? [] : options.tiers) {
    const tier = TIERS[number];
    if (tier === undefined) throw new UsageError(`--tier ${number}: the tiers are 0 to 4.`);
    const violations = await tier.run(options, report);
    process.stdout.write(`tier ${number} (${tier.name}): ${violations} violations\n`);
    if (violations > 0 && !TIERS_OF_ROUNDS.includes(number))
      report.violations.push({ plan: tier.name, seed: options.seed, checks: [], because: `${violations}` });
  }
  const commit = commitOf(PROVEN);
  for (const cell of Object.values(report.cells)) cell.commit = commit;
  report.parts.push({
    command: `npm run proof -- ${argv.filter(isOfPlan).join(' ')}`.trim(),
    commit,
    seed: options.seed,
    startedAt: startedAt.toISOString(),
    wallMs: Date.now() - startedAt.getTime(),
    node: process.version,
    cores: availableParallelism(),
    rounds: report.rounds.played,
  });
  const isComplete = !isWholeNight(options) || isWithoutGaps(report);
  return Math.max(finish(report, options.report), missed > 0 || !isComplete ? VIOLATED : 0);
}

/** Where the report goes says nothing about what was played. */
const isOfPlan = (word: string, index: number, argv: readonly string[]): boolean =>
  word !== '--report' && argv[index - 1] !== '--report';

function finish(report: Report, folder: string): number {
  const path = writeReport(folder, report);
  const { lines, isGreen } = tally(report);
  process.stdout.write(`${lines.join('\n')}\nreport: ${path}\n`);
  return isGreen ? 0 : VIOLATED;
}

/** Every process of every round ends with this one: a hook for each. */
process.setMaxListeners(0);

main(process.argv.slice(2))
  .catch((error: unknown) => {
    const isUsage = error instanceof UsageError;
    const text = error instanceof Error ? (isUsage ? error.message : (error.stack ?? '')) : String(error);
    process.stderr.write(`${text}\n${isUsage ? `${USAGE}\n` : ''}`);
    return isUsage ? USAGE_WRONG : VIOLATED;
  })
  // A broken round may leave behind what it waited for.
  .then((code) => process.exit(code))
  .catch(() => undefined);
