import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Declaration, Declarations } from './declarations';
import type { Patch } from './mutant';

/**
 * The sources that the patches change, by file.
 * @throws Error with one sentence, where a patch does not fit
 */
export function patchedSources(
  root: string,
  declarations: Declarations,
  patches: readonly Patch[],
): ReadonlyMap<string, string> {
  const patchesOf = new Map<Declaration, readonly Patch[]>();
  for (const patch of patches) {
    const declaration = declarations.find(patch.declaration);
    patchesOf.set(declaration, [...(patchesOf.get(declaration) ?? []), patch]);
  }
  const sources = new Map<string, Buffer>();
  // From the end of a file: what is before keeps its place.
  for (const [{ file, from, to }, ours] of [...patchesOf].toSorted(
    ([one], [other]) => other.from - one.from,
  )) {
    const source = sources.get(file) ?? readFileSync(join(root, file));
    const text = ours.reduce(patched, source.toString('utf8', from, to));
    sources.set(file, Buffer.concat([source.subarray(0, from), Buffer.from(text), source.subarray(to)]));
  }
  return new Map([...sources].map(([file, source]) => [file, source.toString('utf8')]));
}

/** The patch's text must stand there exactly once: a patch that has gone stale is an error, not a survivor. */
export function patched(text: string, { declaration, find, replace }: Patch): string {
  const found = text.split(find).length - 1;
  if (found !== 1)
    throw new Error(
      `The patch of "${declaration}" applies ${found} times, not once: "${find}". Adapt it to the source.`,
    );
  return text.replace(find, () => replace);
}
