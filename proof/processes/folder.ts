import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The evidence of one round as the judge reads it. Nothing is added once it is judged. */
export class EvidenceFolder {
  constructor(readonly path: string) {
    mkdirSync(join(path, 'logs'), { recursive: true });
    mkdirSync(join(path, 'histories'), { recursive: true });
    for (const name of ['fired', 'journal', 'callers', 'progress']) this.append(name);
  }

  write(name: string, value: unknown, mode = 0o644): void {
    writeFileSync(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`, { mode });
  }

  log = (name: string): string => join(this.path, 'logs', `${name}.log`);

  fired = (fault: string, where: string): void => this.append('fired', { fault, at: now(), where });
  journal = (event: JournalEvent, about: Record<string, unknown> = {}): void =>
    this.append('journal', { at: now(), event, ...about });
  caller = (ended: Record<string, unknown>): void => this.append('callers', ended);
  progress = (sample: Record<string, unknown>): void => this.append('progress', { at: now(), ...sample });

  private append(name: string, entry?: unknown): void {
    appendFileSync(join(this.path, `${name}.jsonl`), entry === undefined ? '' : `${JSON.stringify(entry)}\n`);
  }
}

export type JournalEvent =
  | 'asked'
  | 'accepted'
  | 'attached'
  | 'refused'
  | 'cancel-asked'
  | 'cancel-accepted'
  | 'terminated'
  | 'reset'
  | 'killed'
  | 'stopped'
  | 'continued'
  | 'drained'
  | 'changed';

const now = (): string => new Date().toISOString();
