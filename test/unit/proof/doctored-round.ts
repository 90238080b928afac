import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, Fired, JournalEntry, Sample } from '../../../proof/judge/evidence/harness-records';
import type { Plan } from '../../../proof/judge/evidence/plan';
import type { Effect, State } from '../../../proof/judge/evidence/simulator-records';
import type { Run } from '../../../proof/judge/evidence/temporal-records';

const ROUNDS = join(__dirname, 'rounds');

/** The names of the recorded rounds. */
export const recordedRounds = (): readonly string[] => readdirSync(ROUNDS);

/** A copy of a recorded round whose evidence can be changed. */
export class DoctoredRound {
  readonly folder = mkdtempSync(join(tmpdir(), 'snapflow-judged-'));

  constructor(recorded: string) {
    cpSync(join(ROUNDS, recorded), this.folder, { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  text(file: string, change: (text: string) => string): this {
    const path = join(this.folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    return this;
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** When the operation's run was closed. */
  closedAt(): string {
    const runs = JSON.parse(this.read('runs.json')) as Run[];
    return runs.find(({ type }) => type !== 'holdExclusion')?.closedAt ?? '';
  }

  /** So many more sessions at the end. */
  sessions(host: 'appliance' | 'vcenter', count: number): this {
    return this.after(({ sessions, ...state }) => {
      const more = Array.from({ length: count }, (_, index) => ({
        key: `left-${index}`,
        user: 'administrator@vsphere.local',
        createdAt: this.closedAt(),
      }));
      return { ...state, sessions: { ...sessions, [host]: [...sessions[host], ...more] } };
    });
  }

  add(file: string, content: string | Buffer): this {
    writeFileSync(join(this.folder, file), content);
    return this;
  }

  delete(file: string): this {
    rmSync(join(this.folder, file));
    return this;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the file holds
  json<Shape>(file: string, change: (value: Shape) => unknown): this {
    return this.text(`${file}.json`, (text) => JSON.stringify(change(JSON.parse(text) as Shape)));
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the file holds
  lines<Shape>(file: string, change: (lines: readonly Shape[]) => readonly unknown[]): this {
    return this.text(`${file}.jsonl`, (text) => {
      const parsed = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Shape);
      return change(parsed)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('');
    });
  }

  plan = (change: (plan: Plan) => unknown) => this.json<Plan>('plan', change);
  after = (change: (state: State) => unknown) => this.json<State>('after', change);
  ledger = (change: (ledger: readonly Effect[]) => readonly Effect[]) =>
    this.json<readonly Effect[]>('ledger', (ledger) =>
      change(ledger).map((effect, index) => ({ ...effect, seq: index + 1 })),
    );
  runs = (change: (runs: readonly Run[]) => readonly Run[]) => this.json<readonly Run[]>('runs', change);
  /** The run of the operation, which is no lock. */
  run = (change: (run: Run) => unknown) =>
    this.runs((runs) => runs.map((run) => (run.type === 'holdExclusion' ? run : (change(run) as Run))));
  callers = (change: (caller: Caller) => unknown) =>
    this.lines<Caller>('callers', (callers) => callers.map(change));
  fired = (change: (fired: readonly Fired[]) => readonly Fired[]) => this.lines<Fired>('fired', change);
  journal = (change: (journal: readonly JournalEntry[]) => readonly JournalEntry[]) =>
    this.lines<JournalEntry>('journal', change);
  progress = (change: (progress: readonly Sample[]) => readonly Sample[]) =>
    this.lines<Sample>('progress', change);

  /** Of the operation's run. */
  historyFile(): string {
    const file = readdirSync(join(this.folder, 'histories')).find((name) => name.startsWith('snapflow_'));
    return `histories/${file ?? ''}`;
  }

  workerLog(): string {
    const file = readdirSync(join(this.folder, 'logs')).find((name) => name.startsWith('worker'));
    return `logs/${file ?? ''}`;
  }
}
