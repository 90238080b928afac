import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cellKey } from './add-round';
import type { Report } from './report';

const FILE = join(__dirname, 'results', 'set-aside.json');
const schema = z.array(
  z.strictObject({
    plans: z.array(z.string()),
    because: z.string(),
    isOfProduct: z.boolean().default(false),
  }),
);

export interface SetAside {
  readonly plan: string;
  readonly because: string;
  /** The product really did it: a risk that is named, not a fault of the harness. */
  readonly isOfProduct: boolean;
}

/** The rounds that somebody has looked at: those of a faulty harness, and those of a risk that is named, with the reasons. */
export const readSetAside = (): readonly SetAside[] =>
  schema
    .parse(JSON.parse(readFileSync(FILE, 'utf8')))
    .flatMap(({ plans, ...why }) => plans.map((plan) => ({ plan, ...why })));

/**
 * Takes such rounds out of a report, in place: their cells count as not played. They are listed with their reasons. What
 * the report has not seen go wrong stays as it is.
 */
export function setAside(report: Report, known: readonly SetAside[]): void {
  for (const each of known) {
    const { plan } = each;
    // Once looked at, once set aside: the same round that goes wrong again is news.
    if (report.setAside.some((earlier) => earlier.plan === plan)) continue;
    const index = report.violations.findIndex((violation) => violation.plan === plan);
    const [violation] = index < 0 ? [] : report.violations.splice(index, 1);
    if (violation === undefined) continue;
    report.rounds.played -= 1;
    report.rounds[violation.checks.includes('harness') ? 'broken' : 'violated'] -= 1;
    forgetHit(report, plan);
    report.setAside.push(each);
  }
}

function forgetHit({ cells }: Report, plan: string): void {
  const [, operation = '', window = '', fault = ''] = plan.split('.');
  const key = cellKey(window, fault, operation);
  const cell = cells[key];
  if (cell === undefined) throw new Error(`${plan} is no round of a window: it cannot be set aside.`);
  cell.hits -= 1;
  cell.violations -= 1;
  if (cell.hits === 0) delete cells[key];
}
