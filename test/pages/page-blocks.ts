import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A fenced block of a page: what stands behind its fence, for example `sh dev`, and its lines. */
export interface PageBlock {
  readonly opening: string;
  readonly lines: readonly string[];
}

/** Every fenced block of a page of the repository, in its order. */
export const pageBlocks = (page: string): readonly PageBlock[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```(\S[^\n]*)\n(.*?)\n```$/gms)].map(
    ([, opening = '', body = '']) => ({ opening, lines: body.split('\n') }),
  );

/** The lines of every block of the page that opens with exactly these words. */
export const blocksOf = (page: string, wanted: string): readonly (readonly string[])[] =>
  pageBlocks(page).flatMap(({ opening, lines }) => (opening === wanted ? [lines] : []));

/** The lines of the one block that opens so. */
export function onlyBlock(page: string, wanted: string): readonly string[] {
  const [lines, ...more] = blocksOf(page, wanted);
  if (lines === undefined || more.length > 0) throw new Error(`${page} has not one block "${wanted}"`);
  return lines;
}
