import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WINDOWS } from '../../proof/processes/windows';
import { readReport, type Report } from '../../proof/report';
import { storedPlans } from '../../proof/rounds-of-run';
import { runTool } from '../environment/program';

/** About a hundred seconds alone on two cores; other suites run beside it. */
const WITHIN_MS = 600_000;
/** Rounds mostly wait. */
const SIDE_BY_SIDE = '5';

/** A cell of the window for each of the two operations. */
const windowsOf = ({ cells }: Report): readonly string[] => [
  ...new Set(Object.keys(cells).map((key) => key.split('|')[0] ?? '')),
];

test(
  'a kill in each of the 24 windows, and every bug that was ever found: one effect each, judged from outside',
  async () => {
    const report = await mkdtemp(join(tmpdir(), 'snapflow-proof-'));
    const argv = ['--quick', '--parallel', SIDE_BY_SIDE, '--report', report];
    const { code, stdout, stderr } = await runTool(join('proof', 'main.ts'), argv, WITHIN_MS);
    // What it wrote holds the violated checks, and the line that repeats each round; its evidence is kept.
    if (code !== 0) throw new Error(`the proof ended with ${code}: ${stdout}${stderr}`);
    const seen = readReport(join(report, 'report.json'));
    const planned = Object.keys(WINDOWS).length + storedPlans().length;
    expect(seen.rounds).toMatchObject({ played: planned, passed: planned, violated: 0, void: 0, broken: 0 });
    expect(windowsOf(seen)).toEqual(expect.arrayContaining(Object.keys(WINDOWS)));
    expect(seen.sometimes['adopted']).toBeGreaterThan(0);
    expect(seen.sometimes['undone']).toBeGreaterThan(0);
    await rm(report, { recursive: true });
  },
  WITHIN_MS + 10_000,
);
