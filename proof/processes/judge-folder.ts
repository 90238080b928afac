import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvidence } from '../judge/evidence/read-evidence';
import { judgeRound } from '../judge/judge-round';
import type { Verdict } from '../judge/verdict';

/** Judges a round by its folder alone. What must be found nowhere is gone from it afterwards. */
export function judgeFolder(folder: string): Verdict {
  const verdict = judgeRound(readEvidence(folder));
  writeFileSync(join(folder, 'verdict.json'), `${JSON.stringify(verdict, undefined, 2)}\n`);
  rmSync(join(folder, 'secrets.json'));
  return verdict;
}
