import { unconnectedCheck, type Check } from '../../client';
import { temporalSettings } from '../../client/temporal-settings';
import type { CommonOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { renderChecks, summaryOfChecks } from '../render/render-checks';
import { runAction } from '../run-action';
import { rowsText } from '../write-data';

export const runDoctor = (options: CommonOptions): Promise<number> =>
  runAction(
    options,
    async ({ snapflow, terminal, format, quiet, signal, hint }) => {
      const checks = await snapflow.doctor({ signal });
      const shown = quiet ? checks.filter(({ state }) => state !== 'ok') : checks;
      terminal.out(rowsText(format, 'check', checks, () => renderChecks(shown)));
      hint(summaryOfChecks(checks));
      return doctorExitCode(checks);
    },
    {
      unconnected: (error, terminal, format) => {
        const checks = [unconnectedCheck(error, temporalSettings(options))];
        terminal.out(rowsText(format, 'check', checks, () => renderChecks(checks)));
        return doctorExitCode(checks);
      },
    },
  );

/** Warnings are for people; a script acts on failures. */
export const doctorExitCode = (checks: readonly Check[]): number =>
  checks.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
