import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../proof/judge/verdict';
import { doctored } from '../unit/proof/doctored';
import type { DoctoredRound } from '../unit/proof/doctored-round';
import { nth } from '../unit/proof/nth';

const ROOT = join(__dirname, '../..');

describe('the judge as a program', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'proof/judge/main.ts', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });

  test('a good and a bad folder: prints both, writes both verdicts, exits 1', () => {
    doctored('clone-cancelled', (good) =>
      doctored('clone-cancelled', (bad) => {
        bad.ledger(() => []);
        bad.run((each) => ({ ...each, status: 'COMPLETED' }));
        const { status, stdout } = run(good.folder, bad.folder);
        expect(status).toBe(1);
        expect(stdout).toMatch(/^PASS {2}/m);
        expect(stdout).toMatch(/^VIOLATION {2}/m);
        expect(stdout).toMatch(/^ {2}J2 +VIOLATION +run /m);
        const verdict = JSON.parse(readFileSync(join(bad.folder, 'verdict.json'), 'utf8')) as Verdict;
        expect(verdict.round).toBe('violation');
        expect(verdict.checks).toHaveLength(17);
      }),
    );
  });

  test('a void round with --json: one line, exit code 3', () => {
    doctored('clone-cancelled', (round) => {
      const { status, stdout } = run('--json', round.fired(() => []).folder);
      expect(status).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({ folder: round.folder, round: 'void' });
    });
  });

  test.each([
    ['a missing file', (round: DoctoredRound) => round.delete('ledger.json'), /ledger\.json/],
    [
      'a cut file',
      (round: DoctoredRound) => round.text('runs.json', (text) => text.slice(0, -9)),
      /runs\.json/,
    ],
    [
      'a malformed line',
      (round: DoctoredRound) => round.journal((journal) => [...journal, { ...nth(journal, 0), at: 'now' }]),
      /journal\.jsonl:\d+: at: /,
    ],
  ])('evidence with %s: exits 4 and names it', (_title, doctor, named) => {
    doctored('clone-cancelled', (round) => {
      doctor(round);
      const { status, stderr } = run(round.folder);
      expect(status).toBe(4);
      expect(stderr).toMatch(named);
    });
  });

  test('no folder: exits 2 and says how it is used', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage: npm run judge') });
  });
});
