import { omitUndefined } from '../src/contract/omit-undefined';
import { emptyReport, type CellCount, type Report } from './report';

/** Adds the counts of several reports. */
export function mergeReports(reports: readonly Report[]): Report {
  const merged = emptyReport();
  for (const report of reports) {
    for (const part of report.parts) {
      if (
        merged.parts.some(
          ({ startedAt, command }) => startedAt === part.startedAt && command === part.command,
        )
      )
        throw new Error(
          `${part.command} of ${part.startedAt} is in two of these reports: it would count twice.`,
        );
      merged.parts.push(part);
    }
    addCounts(merged.rounds, report.rounds);
    for (const [key, cell] of Object.entries(report.cells))
      merged.cells[key] = added(merged.cells[key], cell);
    for (const [lane, calls] of Object.entries(report.sweeps))
      merged.sweeps[lane] = Math.max(merged.sweeps[lane] ?? 0, calls);
    addCounts(merged.sometimes, report.sometimes);
    merged.violations.push(...report.violations);
    merged.setAside.push(...report.setAside);
    for (const [tier, counts] of Object.entries(report.tiers)) addCounts((merged.tiers[tier] ??= {}), counts);
    merged.recovery.push(...report.recovery);
  }
  return merged;
}

function addCounts(into: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) into[name] = (into[name] ?? 0) + count;
}

function added(into: CellCount | undefined, cell: CellCount): CellCount {
  if (into === undefined) return structuredClone(cell);
  const outcomes = { ...into.outcomes };
  addCounts(outcomes, cell.outcomes);
  return {
    hits: into.hits + cell.hits,
    voids: into.voids + cell.voids,
    violations: into.violations + cell.violations,
    lastSeed: cell.lastSeed,
    outcomes,
    ...omitUndefined({ commit: cell.commit }),
  };
}
