import type { Check, CheckState } from '../../client';
import { EXIT } from '../errors';
import { addCommonOptions, examples, type CommonOptions, type DefineCommand } from '../options';
import { rowsText, table } from '../output';
import { runAction } from '../run-action';

export const define: DefineCommand = (command, setExitCode) => {
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nIt changes nothing. It exits 1 if a check failed; warnings do not count. With --quiet a table has only warnings and\nfailures.\n${examples(
        ['snapflow doctor', 'snapflow doctor --quiet', 'snapflow doctor --json'],
      )}`,
    )
    .action(async (options: CommonOptions) => setExitCode(await checkAll(options)));
};

const checkAll = (options: CommonOptions): Promise<number> =>
  runAction(
    options,
    async ({ snapflow, terminal, format, quiet, signal, print }) => {
      const checks = await snapflow.doctor({ signal });
      const shown = quiet ? checks.filter(({ state }) => state !== 'ok') : checks;
      terminal.out(rowsText(format, 'check', checks, () => renderChecks(shown)));
      print(summaryOfChecks(checks));
      return doctorExitCode(checks);
    },
    {
      unconnected: async (error, terminal, format) => {
        const { unconnectedCheck } = await import('../../client/doctor.js');
        const { temporalSettings } = await import('../../client/temporal-settings.js');
        const checks = [unconnectedCheck(error, temporalSettings(options))];
        terminal.out(rowsText(format, 'check', checks, () => renderChecks(checks)));
        return doctorExitCode(checks);
      },
    },
  );

/** Warnings are for people; a script acts on failures. */
export const doctorExitCode = (checks: readonly Check[]): number =>
  checks.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;

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
export function summaryOfChecks(checks: readonly Check[]): string {
  const counts = STATES.map((wanted) => `${checks.filter(({ state }) => state === wanted).length} ${wanted}`);
  return `${checks.length} checks: ${counts.join(', ')}.`;
}
