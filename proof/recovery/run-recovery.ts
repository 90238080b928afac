import { omitUndefined } from '../../src/contract/omit-undefined';
import type { ProofOptions } from '../options';
import type { Report } from '../report';
import { MEASUREMENTS } from './measure-recovery';

/** Measures every recovery one after the other, so that none waits for another's processor. */
export async function runRecovery({ only }: ProofOptions, report: Report): Promise<number> {
  let missed = 0;
  for (const { what, targetMs, note, measure } of MEASUREMENTS.filter((each) => each.what.includes(only))) {
    const measuredMs = Math.round(await measure());
    if (measuredMs < 0) throw new Error(`${what}: seen ${-measuredMs} ms before its fault, so not measured.`);
    const isMissed = measuredMs > targetMs;
    if (isMissed) missed += 1;
    report.recovery.push({ what, targetMs, measuredMs, runs: 1, ...omitUndefined({ note }) });
    process.stderr.write(`${isMissed ? 'missed' : 'met   '} ${measuredMs} ms of ${targetMs} ms: ${what}\n`);
  }
  return missed;
}
