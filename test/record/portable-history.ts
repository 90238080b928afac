import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { historyJson } from './history-json';

const ROOT = join(__dirname, '..', '..');
/** Of workers and callers; sticky task queues begin with it. */
const IDENTITY = `${process.pid}@${hostname()}`;
export const RECORDED_IDENTITY = 'recorder@snapflow';

/**
 * The history as JSON, one event a line: files that are replayed on every machine say nothing of the one that made them.
 * Run ids stay, since the randomness of a run is made of them.
 */
export function portableHistory(history: object): string {
  const { events } = historyJson.write(history);
  const lines = events.map((event) =>
    JSON.stringify(event, withoutStacks).replaceAll(IDENTITY, RECORDED_IDENTITY),
  );
  const text = `{"events":[\n${lines.join(',\n')}\n]}\n`;
  assertPortable(text);
  return text;
}

/** Stacks are paths, and replay reads none. */
const withoutStacks = (key: string, value: unknown): unknown => (key === 'stackTrace' ? undefined : value);

function assertPortable(text: string): void {
  const decoded = text.replaceAll(/"data":"([^"]*)"/g, (_all, data: string) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  const here = [ROOT, homedir(), `@${hostname()}`].find((place) => decoded.includes(place));
  if (here !== undefined)
    throw new Error(`A history names ${here}: have test/record/portable-history.ts take it out.`);
}
