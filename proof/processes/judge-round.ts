import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const JUDGE = join(__dirname, '..', 'judge', 'main.ts');

export interface Verdict {
  readonly round: 'pass' | 'violation' | 'void';
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: 'ok' | 'violation' | 'not-applicable';
    readonly because: string;
  }[];
}

/** Asks the judge, a program of its own that reads nothing but the folder. The secrets are gone afterwards. */
export async function judgeRound(folder: string): Promise<Verdict> {
  const child = spawn(process.execPath, ['--import', 'tsx', JUDGE, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  rmSync(join(folder, 'secrets.json'), { force: true });
  if (code !== 0 && code !== 1 && code !== 3) throw new Error(`the judge ended with ${code}: ${said}`);
  return JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as Verdict;
}
