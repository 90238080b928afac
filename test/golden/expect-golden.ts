import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run golden` writes what it sees instead; the diff is then read like any other change. */
const isWriting = process.env['UPDATE_GOLDEN'] === '1';

/** Compares a text with its file in this folder. */
export function expectGolden(name: string, text: string): void {
  const file = join(__dirname, `${name}.txt`);
  if (isWriting) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
