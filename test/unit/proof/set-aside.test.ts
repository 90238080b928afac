import { addRound, cellKey } from '../../../proof/add-round';
import { makePlan } from '../../../proof/processes/make-plan';
import type { RoundResult } from '../../../proof/processes/round-result';
import { emptyReport } from '../../../proof/report';
import { readSetAside, setAside } from '../../../proof/set-aside';

const round = (fault: string, verdict: RoundResult['verdict']): RoundResult => ({
  plan: makePlan({ kind: 'matrix', operation: 'clone', window: 'K12', fault, at: 'K12' }, 7),
  verdict,
  violations: verdict === 'pass' ? [] : [{ id: verdict === 'broken' ? 'harness' : 'J1', because: 'why' }],
  sometimes: [],
  outcome: 'COMPLETED',
  wallMs: 1,
});

const known = (plan: string) => ({ plan, because: 'The harness was wrong.', isOfProduct: false });

test('a round that is set aside counts for nothing, its cell is not played, and it is named', () => {
  const report = emptyReport();
  for (const each of [round('html', 'pass'), round('drip', 'violation'), round('reset', 'broken')])
    addRound(report, each);
  const plans = report.violations.map(({ plan }) => plan);
  setAside(report, [...plans, 'matrix.clone.K1.never.9'].map(known));
  expect(report.rounds).toMatchObject({ played: 1, passed: 1, violated: 0, broken: 0 });
  expect(Object.keys(report.cells)).toEqual([cellKey('K12', 'html', 'clone')]);
  expect(report.violations).toEqual([]);
  expect(report.setAside).toEqual(plans.map(known));
});

test('what nobody has set aside stays a violation', () => {
  const report = emptyReport();
  addRound(report, round('drip', 'violation'));
  setAside(report, readSetAside());
  expect(report.rounds.violated).toBe(1);
  expect(report.violations).toHaveLength(1);
});
