import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EvidenceUnreadable } from './evidence/evidence-unreadable';
import { readEvidence } from './evidence/read-evidence';
import { judgeRound } from './judge-round';
import { renderVerdict } from './render-verdict';
import { EXIT_OF_ROUND, type Verdict } from './verdict';

const USAGE = `Usage: npm run judge -- [--json] [--quiet] FOLDER…

Judges rounds by what was seen from outside. Writes verdict.json into each folder and prints it.
Exit codes: 0 every round passes, 1 a violation, 2 usage, 3 none is violated but one is void, 4 evidence that cannot be read.`;
const UNREADABLE = 4;

function main(args: readonly string[]): number {
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const unknown = args.find((arg) => arg.startsWith('--') && !['--json', '--quiet'].includes(arg));
  if (folders.length === 0 || unknown !== undefined) {
    process.stderr.write(`${unknown === undefined ? '' : `Unknown option ${unknown}.\n`}${USAGE}\n`);
    return 2;
  }
  const codes = folders.map((folder) => judgeFolder(folder, args));
  return [UNREADABLE, 1, 3].find((code) => codes.includes(code)) ?? 0;
}

function judgeFolder(folder: string, args: readonly string[]): number {
  try {
    const verdict = judgeRound(readEvidence(folder));
    writeFileSync(join(folder, 'verdict.json'), `${JSON.stringify(verdict, undefined, 2)}\n`);
    show(folder, verdict, args);
    return EXIT_OF_ROUND[verdict.round];
  } catch (error) {
    if (!(error instanceof EvidenceUnreadable)) throw error;
    process.stderr.write(`${folder}: ${error.message}\n`);
    return UNREADABLE;
  }
}

function show(folder: string, verdict: Verdict, args: readonly string[]): void {
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ folder, ...verdict })}\n`);
  else if (!args.includes('--quiet') || verdict.round !== 'pass')
    process.stdout.write(`${renderVerdict(folder, verdict)}\n`);
}

process.exitCode = main(process.argv.slice(2));
