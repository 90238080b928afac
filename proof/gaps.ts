import { cellKey } from './add-round';
import { matrixCells } from './processes/matrix';
import { SOMETIMES } from './processes/round-result';
import { sweepLanes } from './processes/sweep-lanes';
import { killOf } from './processes/window-rounds';
import { WINDOWS } from './processes/windows';
import type { Report } from './report';

/** Kills in each window that a night set must have. */
const KILLS = 10;
/** Of the rounds whose faults heal, so many must end as asked. */
const AS_ASKED_SHARE = 0.9;
/** More names than these say no more. */
const NAMED = 10;

/** What a whole night set has seen and this report has not; empty when nothing is missing. */
export function gapsOf(report: Report): readonly string[] {
  const hits = (window: string, fault: string, operation: string): number =>
    report.cells[cellKey(window, fault, operation)]?.hits ?? 0;
  const cells = matrixCells()
    .filter(
      ({ window, fault, operation, impossible }) =>
        impossible === undefined && hits(window, fault, operation) === 0,
    )
    .map(({ window, fault, operation }) => `${window} ${fault} ${operation}`);
  const windows = Object.keys(WINDOWS).filter(
    (window) => hits(window, killOf(window), 'clone') + hits(window, killOf(window), 'revert') < KILLS,
  );
  const sweeps = sweepLanes(1).filter(({ key }) => report.sweeps[key] === undefined);
  const { healing, succeeded } = report.rounds;
  const tooFew = succeeded < healing * AS_ASKED_SHARE;
  const never = SOMETIMES.filter((what) => (report.sometimes[what] ?? 0) === 0);
  return [
    ...missing('feasible cells without a hit', cells),
    ...missing(`windows with fewer than ${KILLS} kills`, windows),
    ...missing(
      'sweeps that did not come to their end',
      sweeps.map(({ name }) => name),
    ),
    ...missing('what must sometimes happen and never did', never),
    ...missing(
      `share of rounds whose faults heal below ${AS_ASKED_SHARE}`,
      tooFew ? [`${succeeded} of ${healing}`] : [],
    ),
  ];
}

const missing = (what: string, names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [`${names.length} ${what}: ${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ', …' : ''}`];
