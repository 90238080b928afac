import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completionScript, SHELLS } from '../../../../src/cli/completion/scripts';
import { buildProgram } from '../../../../src/cli/program';
import { completeIn, isInstalled } from './complete-in';

const { program, loadAll } = buildProgram(() => undefined);
const commands = program.createHelp().visibleCommands(program);
const folder = mkdtempSync(join(tmpdir(), 'snapflow-completion-'));

beforeAll(async () => {
  await loadAll();
  for (const shell of SHELLS)
    writeFileSync(join(folder, `script.${shell}`), completionScript(program, shell));
  writeFileSync(join(folder, 'lab.json'), '{}');
});

afterAll(() => rmSync(folder, { recursive: true }));

const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['snapflow ', commands.map((command) => command.name())],
  ['snapflow cl', ['clone']],
  ['snapflow --v', ['--version']],
  ['snapflow help do', ['doctor']],
  ['snapflow clone --on-', ['--on-cancel', '--on-failure']],
  ['snapflow clone --name x --on-failure ', ['delete', 'keep']],
  ['snapflow clone --on-failure=k', ['keep']],
  ['snapflow clone --name ', []],
  ['snapflow list --output js', ['json', 'jsonl']],
  ['snapflow list -o t', ['table']],
  ['snapflow list --state ne', ['needs-decision']],
  ['snapflow list --state running,ov', ['running,overdue']],
  ['snapflow simulator --inventory lab', ['lab.json']],
  ['snapflow completion ', ['bash', 'fish', 'zsh']],
  ['snapflow status ', []],
  ['snapflow status build-42 --conn', ['--connection']],
];

describe.each(SHELLS)('in %s', (shell) => {
  const isHere = isInstalled(shell);
  const inShell = isHere ? test : test.skip;
  let offered: ReturnType<typeof completeIn>;
  beforeAll(() => {
    const lines = LINES.map(([line]) => line);
    offered = isHere ? completeIn(shell, folder, lines) : new Map<string, string[]>();
  });

  inShell.each(LINES)('"%s" offers what fits', (line, expected) => {
    expect(offered.get(line)).toEqual(expected.toSorted());
  });
});
