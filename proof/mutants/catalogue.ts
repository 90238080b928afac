import { EVIDENCE } from './catalogue/evidence';
import { ADMISSION } from './catalogue/admission';
import { GROWTH } from './catalogue/growth';
import { NAMES } from './catalogue/names';
import { OWN_NAMES } from './catalogue/own-names';
import { OWNERSHIP } from './catalogue/ownership';
import { READERS } from './catalogue/readers';
import { START } from './catalogue/start';
import { UNDO } from './catalogue/undo';
import { WAIT } from './catalogue/wait';
import { WIRE } from './catalogue/wire';
import type { Mutant } from './mutant';

/** Every mutant that must be caught. */
export const MUTANTS: readonly Mutant[] = [
  ...START,
  ...EVIDENCE,
  ...WAIT,
  ...UNDO,
  ...GROWTH,
  ...ADMISSION,
  ...OWNERSHIP,
  ...NAMES,
  ...OWN_NAMES,
  ...READERS,
  ...WIRE,
];
