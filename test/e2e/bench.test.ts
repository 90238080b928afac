import { join } from 'node:path';
import { QUICK } from '../../bench/rows';
import { runTool } from '../environment/program';

/** Under two minutes alone on two cores; other suites run beside it. */
const WITHIN_MS = 600_000;
/** Rows on a driven clock, or that count: what they find depends on no machine. The others are a report, no verdict. */
const EXACT = ['watcher', 'cost'];

/** What a row printed, from its name to the next row. */
function partsOf(said: string): ReadonlyMap<string, string> {
  const starts = QUICK.map(({ name, question }) => ({ name, at: said.indexOf(`${name}: ${question}`) }));
  return new Map(
    starts.map(({ name, at }, n) => [name, at < 0 ? '' : said.slice(at, starts[n + 1]?.at ?? said.length)]),
  );
}

test(
  'the quick bench measures each of its rows; what does not depend on the machine meets its targets',
  async () => {
    const { code, stdout, stderr } = await runTool(join('bench', 'main.ts'), ['--quick'], WITHIN_MS);
    process.stdout.write(
      `${stdout}${stderr}\nMeasured beside other tests: the numbers say less than those of bench/RESULTS.md.\n`,
    );
    expect(code).toBe(0);
    const parts = partsOf(stdout);
    for (const { name } of QUICK)
      expect({ name, part: parts.get(name) }).toMatchObject({ part: expect.stringMatching(/\| --- \|/) });
    for (const name of EXACT) {
      expect({ name, part: parts.get(name) }).toMatchObject({ part: expect.stringContaining('**met**') });
      expect({ name, part: parts.get(name) }).toMatchObject({
        part: expect.not.stringContaining('**missed**'),
      });
    }
  },
  WITHIN_MS + 10_000,
);
