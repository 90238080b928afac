import type { Check } from './check';
import { oneEffect } from './checks/j1-one-effect';
import { replays } from './checks/j10-replays';
import { noSecret } from './checks/j11-no-secret';
import { inTime } from './checks/j12-in-time';
import { truth } from './checks/j13-truth';
import { faultFired } from './checks/j14-fired';
import { progress } from './checks/j15-progress';
import { bounds } from './checks/j16-bounds';
import { nothingChanged } from './checks/j17-nothing-changed';
import { success } from './checks/j2-success';
import { failure } from './checks/j3-failure';
import { ownObjects } from './checks/j4-own-objects';
import { nothingLeft } from './checks/j5-nothing-left';
import { noEarlyUndo } from './checks/j6-no-early-undo';
import { revertsApart } from './checks/j7-reverts-apart';
import { closed } from './checks/j8-closed';
import { asExpected } from './checks/j9-as-expected';

/** Every check, in the order in which a verdict lists them. */
export const CHECKS: readonly Check[] = [
  oneEffect,
  success,
  failure,
  ownObjects,
  nothingLeft,
  noEarlyUndo,
  revertsApart,
  closed,
  asExpected,
  replays,
  noSecret,
  inTime,
  truth,
  faultFired,
  progress,
  bounds,
  nothingChanged,
];
