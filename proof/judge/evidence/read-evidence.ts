import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Evidence, Sink } from './evidence';
import { EvidenceUnreadable } from './evidence-unreadable';
import { caller, fired, journalEntry, listed, processes, replay, sample, secrets } from './harness-records';
import { planSchema } from './plan';
import { calls, effect, faultRule, state } from './simulator-records';
import { history, run } from './temporal-records';

/** Not a sink: the one file that must hold the secrets, and what the judge itself wrote. */
const NOT_SINKS = ['secrets.json', 'verdict.json'];

/** Reads a round's folder. Whatever is missing or malformed is an `EvidenceUnreadable` naming file and field. */
export function readEvidence(folder: string): Evidence {
  const json = <Shape extends z.ZodType>(name: string, shape: Shape) =>
    parsed(shape, name, parseJson(name, text(folder, name)));
  const lines = <Shape extends z.ZodType>(name: string, shape: Shape) =>
    text(folder, name)
      .split('\n')
      .flatMap((line, index) =>
        line.trim() === ''
          ? []
          : [parsed(shape, `${name}:${index + 1}`, parseJson(`${name}:${index + 1}`, line))],
      );
  return {
    plan: json('plan.json', planSchema),
    fired: lines('fired.jsonl', fired),
    journal: lines('journal.jsonl', journalEntry).toSorted(byTime),
    callers: lines('callers.jsonl', caller),
    before: json('before.json', state),
    after: json('after.json', state),
    ledger: json('ledger.json', z.array(effect)).toSorted((one, other) => one.seq - other.seq),
    calls: json('calls.json', calls),
    faults: json('faults.json', z.array(faultRule)),
    runs: json('runs.json', z.array(run)).toSorted(
      (one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt),
    ),
    histories: histories(folder),
    progress: lines('progress.jsonl', sample).toSorted(byTime),
    list: json('list.json', z.array(listed)),
    replay: new Map(Object.entries(json('replay.json', replay)).map(([name, each]) => [runIdOf(name), each])),
    processes: json('processes.json', processes),
    // Removed once a round was judged: a stored round can be judged again, but for its secrets.
    secrets: existsSync(join(folder, 'secrets.json')) ? json('secrets.json', secrets) : { canaries: [] },
    sinks: sinks(folder, ''),
  };
}

const byTime = (one: { at: string }, other: { at: string }): number =>
  Date.parse(one.at) - Date.parse(other.at);

/** Workflow ids may hold anything; a run id is a UUID and ends the name. */
const runIdOf = (name: string): string => /[0-9a-f-]{36}$/i.exec(name)?.[0] ?? name;

function histories(folder: string): Evidence['histories'] {
  const files = existsSync(join(folder, 'histories')) ? readdirSync(join(folder, 'histories')) : [];
  return new Map(
    files
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const name = `histories/${file}`;
        return [runIdOf(basename(file, '.json')), parsed(history, name, parseJson(name, text(folder, name)))];
      }),
  );
}

function text(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    throw new EvidenceUnreadable(folder, name, (error as Error).message);
  }
}

function parseJson(name: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new EvidenceUnreadable('', name, (error as Error).message);
  }
}

function parsed<Shape extends z.ZodType>(shape: Shape, name: string, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EvidenceUnreadable('', name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`);
}

function sinks(folder: string, under: string): readonly Sink[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) return sinks(folder, path);
    return NOT_SINKS.includes(path) ? [] : [{ path, bytes: readFileSync(join(folder, path)) }];
  });
}
