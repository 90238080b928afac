import { createHash } from 'node:crypto';
import type { Detector } from './detector';

/** One guard of the product taken out: a small patch of sources that still compiles. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** What looks at this guard, asked in this order; the first one that turns red has caught it. */
  readonly detectors: readonly Detector[];
}

export interface Patch {
  /** The function, class or constant at the top level of a source, which is found by this name wherever it stands. */
  readonly declaration: string;
  /** Stands in it exactly once; as short as that allows, so that a change beside it does not make it stale. */
  readonly find: string;
  readonly replace: string;
}

/** A mutant of one patch. */
export const mutant = (
  name: string,
  [declaration, find, replace]: readonly [declaration: string, find: string, replace: string],
  detectors: readonly Detector[],
): Mutant => ({ name, patches: [{ declaration, find, replace }], detectors });

/** Tells a mutant that was tried from one of its name whose patch has changed since; a move to another file is no change. */
export const fingerprint = ({ patches }: Mutant): string =>
  createHash('sha256').update(JSON.stringify(patches)).digest('hex').slice(0, 12);
