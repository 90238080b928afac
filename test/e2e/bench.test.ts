import { join } from 'node:path';
import { QUICK } from '../../bench/rows';
import { runTool } from '../environment/program';

const WITHIN_MS = 300_000;
/** Rows on a driven clock, or that count: what they find depends on no machine. The others measure, and judge nothing. */
const EXACT = ['watcher', 'cost'];

test(
  'the rows of the bench that depend on no machine meet their targets',
  async () => {
    const argv = ['--quick', '--only', EXACT.join(',')];
    const { code, stdout, stderr } = await runTool(join('bench', 'main.ts'), argv, WITHIN_MS);
    if (code !== 0) throw new Error(`the bench ended with ${code}: ${stdout}${stderr}`);
    const rows = QUICK.filter(({ name }) => EXACT.includes(name));
    const starts = rows.map(({ name, question }) => stdout.indexOf(`${name}: ${question}`));
    expect(starts.filter((at) => at < 0)).toEqual([]);
    const parts = starts.map((at, n) => stdout.slice(at, starts[n + 1]));
    for (const part of parts) {
      expect(part).toContain('**met**');
      expect(part).not.toContain('**missed**');
    }
  },
  WITHIN_MS + 10_000,
);
