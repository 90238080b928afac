import type { Check, Finding } from './check';
import { CHECKS } from './checks';
import type { Evidence } from './evidence/evidence';
import type { JudgedCheck, Verdict } from './verdict';
import { roundView } from './view/round-view';

/** Judges a round by every check. */
export function judgeRound(evidence: Evidence): Verdict {
  const view = roundView(evidence);
  const judged = CHECKS.map((check) => ({ check, finding: check.judge(view) }));
  const isVoid = judged.some(({ check, finding }) => check.id === 'J14' && finding.violations.length > 0);
  const checks = judged.map(({ check, finding }) => judgedCheck(check, finding));
  const isViolated = checks.some(({ verdict }) => verdict === 'violation');
  return { plan: evidence.plan.id, round: isViolated ? 'violation' : isVoid ? 'void' : 'pass', checks };
}

function judgedCheck({ id, demands }: Check, { looked, at, violations }: Finding): JudgedCheck {
  if (violations.length > 0)
    return { id, verdict: id === 'J14' ? 'not-applicable' : 'violation', because: violations.join('; ') };
  if (looked === 0) return { id, verdict: 'not-applicable', because: `there are no ${at}` };
  return { id, verdict: 'ok', because: `${demands}: ${looked} ${at}` };
}
