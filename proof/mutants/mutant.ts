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
  /** Below the root of the repository. */
  readonly file: string;
  /** Stands there exactly once; as short as that allows, so that a change beside it does not make it stale. */
  readonly find: string;
  readonly replace: string;
}

/** A mutant of one patch. */
export const mutant = (
  name: string,
  [file, find, replace]: readonly [file: string, find: string, replace: string],
  detectors: readonly Detector[],
): Mutant => ({ name, patches: [{ file, find, replace }], detectors });

/** Tells a mutant that was tried from one of its name whose patch has changed since. */
export const fingerprint = ({ patches }: Mutant): string =>
  createHash('sha256').update(JSON.stringify(patches)).digest('hex').slice(0, 12);
