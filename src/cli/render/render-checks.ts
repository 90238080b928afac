import type { Check, CheckState } from '../../client';
import { table } from './table';

/** One line each, with what to do at its end. */
export const renderChecks = (checks: readonly Check[]): string =>
  checks.length === 0
    ? ''
    : table(
        ['STATE', 'CHECK', 'SUBJECT', 'FOUND'],
        checks.map(({ check, subject, state, message, remedy }) => [
          state,
          check,
          subject,
          remedy === undefined ? message : `${message} -> ${remedy}`,
        ]),
      );

const STATES = ['ok', 'warning', 'failed'] as const satisfies readonly CheckState[];

/** `12 checks: 10 ok, 1 warning, 1 failed.` */
export const summaryOfChecks = (checks: readonly Check[]): string => {
  const counts = STATES.map((wanted) => `${checks.filter(({ state }) => state === wanted).length} ${wanted}`);
  return `${checks.length} checks: ${counts.join(', ')}.`;
};
