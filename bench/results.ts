import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Circumstances } from './circumstances';
import type { Measured, Row, Target } from './row';

const FOLDER = __dirname;
const FILE = join(FOLDER, 'results.json');
const PAGE = join(FOLDER, 'RESULTS.md');

interface Result extends Measured {
  readonly question: string;
  readonly server: string;
  readonly circumstances: Circumstances;
  readonly tookSeconds: number;
}

export type Results = Readonly<Record<string, Result>>;

/** Rows that were measured before; a run that was interrupted goes on from here. */
export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Writes what is known so far: after every row, so that nothing is lost. */
export function writeResults(results: Results, rows: readonly Row[]): void {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 2)}\n`);
  const parts = rows.flatMap(({ name }) => (results[name] === undefined ? [] : [part(name, results[name])]));
  writeFileSync(PAGE, [HEAD, ...parts].join('\n\n') + '\n');
}

const HEAD = `# Bench results

Written by \`npm run bench\`; each row says where it was measured. Peers run in the same minutes on the same server and simulator, so the ratios say more than the numbers. Loopback only: nothing here has met a real vCenter or a network.`;

const part = (
  name: string,
  { question, columns, lines, targets, notMeasured, circumstances, server, tookSeconds }: Result,
): string =>
  [
    `## ${name}`,
    question,
    table(columns, lines),
    ...targets.map(targetLine),
    `Not measured: ${notMeasured.join('; ')}.`,
    `<sub>${circumstances.machine}; ${server}; commit ${circumstances.commit}; ${circumstances.at.slice(0, 16)}Z; load before ${circumstances.load}; ${tookSeconds} s</sub>`,
  ].join('\n\n');

export const targetLine = ({ what, wanted, measured, met }: Target): string =>
  `${met ? '**met**' : '**missed**'}: ${what}: ${measured.trim()} (${wanted.trim()})`;

export const table = (columns: readonly string[], lines: Measured['lines']): string =>
  [columns, columns.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
