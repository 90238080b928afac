import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

const ROOT = join(__dirname, '../..');
const MAIN = join(ROOT, 'dist/cli/main.js');
/** What a help may cost over an empty program: measured 1.2; everything that a command loads makes it 5. */
const MOST_TIMES_NODE = 2.5;
/** The least of several is taken, of more where others use the machine, too: the least only comes nearer to the truth. */
const FEWEST_ROUNDS = 5;
const MOST_ROUNDS = 25;

const folder = mkdtempSync(join(tmpdir(), 'snapflow-help-'));
const hook = join(folder, 'hook.js');
writeFileSync(
  hook,
  'process.on("exit", () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));',
);
afterAll(() => rmSync(folder, { recursive: true }));

/** The files that a command loads, from the root; Node's own are not among them. */
function loadedBy(...words: readonly string[]): readonly string[] {
  const { stderr } = spawnSync(process.execPath, ['-r', hook, MAIN, ...words], { encoding: 'utf8' });
  const files = JSON.parse(stderr) as string[];
  return files.filter((file) => file !== hook).map((file) => relative(ROOT, file).split(sep).join('/'));
}

const packagesIn = (files: readonly string[]): readonly string[] => [
  ...new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])),
];

test.each(['--help', 'clone --help', '--version', 'completion bash', 'explain NameTaken'])(
  '"snapflow %s" loads commander and nothing else',
  (line) => {
    const loaded = loadedBy(...line.split(' '));
    expect(loaded).toContain('dist/cli/program.js');
    expect(packagesIn(loaded)).toEqual(['commander']);
    expect(
      loaded.filter((file) => /^dist\/(?:client|worker|vsphere|engine|activities)\//.test(file)),
    ).toEqual([]);
  },
);

function tookMs(...words: readonly string[]): number {
  const before = performance.now();
  expect(spawnSync(process.execPath, words).status).toBe(0);
  return performance.now() - before;
}

test('a help takes little more time than Node itself', () => {
  let [helpMs, nodeMs] = [Infinity, Infinity];
  for (let round = 0; round < FEWEST_ROUNDS || (round < MOST_ROUNDS && !isLittle()); round++) {
    // In turns, so that a busy moment meets both.
    helpMs = Math.min(helpMs, tookMs(MAIN, '--help'));
    nodeMs = Math.min(nodeMs, tookMs('-e', '0'));
  }
  expect(helpMs / nodeMs).toBeLessThan(MOST_TIMES_NODE);

  function isLittle(): boolean {
    return helpMs / nodeMs < MOST_TIMES_NODE;
  }
});
