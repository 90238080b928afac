import type { JudgedCheck, Verdict } from './verdict';

const MARK: Readonly<Record<JudgedCheck['verdict'], string>> = {
  ok: 'ok',
  violation: 'VIOLATION',
  'not-applicable': '-',
};

/** A verdict for a person: the round, then a line for each check. */
export function renderVerdict(folder: string, { plan, round, checks }: Verdict): string {
  const lines = checks.map(
    ({ id, verdict, because }) => `  ${id.padEnd(4)} ${MARK[verdict].padEnd(10)} ${because}`,
  );
  return [`${round.toUpperCase()}  ${plan}  (${folder})`, ...lines].join('\n');
}
