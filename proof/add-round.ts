import { parseSweepPoint } from './processes/sweep-point';
import type { RoundResult } from './processes/round-result';
import type { Report } from './report';

/** Adds a round to a report, in place. */
export function addRound(report: Report, result: RoundResult): void {
  const { plan, verdict, violations } = result;
  const { rounds } = report;
  if (verdict === 'end') return endSweep(report, result);
  rounds.played += 1;
  if (plan.profile === 'production') rounds.production += 1;
  rounds[({ pass: 'passed', violation: 'violated', void: 'void', broken: 'broken' } as const)[verdict]] += 1;
  if (plan.heals && verdict !== 'void') {
    rounds.healing += 1;
    if (['COMPLETED', 'CANCELLED'].includes(result.outcome)) rounds.succeeded += 1;
  }
  countCell(report, result);
  for (const seen of result.sometimes) report.sometimes[seen] = (report.sometimes[seen] ?? 0) + 1;
  if (violations.length > 0)
    report.violations.push({
      plan: plan.id,
      seed: plan.seed,
      checks: violations.map(({ id }) => id),
      because: violations.map(({ because }) => because).join('; '),
    });
}

export const cellKey = (window: string, fault: string, operation: string): string =>
  `${window}|${fault}|${operation}`;

function countCell({ cells }: Report, { plan, verdict, outcome }: RoundResult): void {
  const place = plan.window ?? parseSweepPoint(plan.at).kind;
  const key = cellKey(place, plan.fault, plan.operation);
  const cell = (cells[key] ??= { hits: 0, voids: 0, violations: 0, lastSeed: plan.seed, outcomes: {} });
  cell.lastSeed = plan.seed;
  if (verdict === 'void') cell.voids += 1;
  else cell.hits += 1;
  if (verdict === 'violation' || verdict === 'broken') cell.violations += 1;
  cell.outcomes[outcome] = (cell.outcomes[outcome] ?? 0) + 1;
}

function endSweep(report: Report, { plan }: RoundResult): void {
  const { kind, index, moment } = parseSweepPoint(plan.at);
  report.sweeps[`${plan.operation} ${kind} ${moment} ${plan.fault}`] = index;
}
