import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ProofOptions } from './options';
import type { Report } from './report';

const ROOT = join(__dirname, '..');

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Tier 4 is the jest project `hostile`, run as a program of its own. */
export async function hostileTier({ report: folder }: ProofOptions, report: Report): Promise<number> {
  const jest = createRequire(__filename).resolve('jest/bin/jest');
  const output = join(folder, 'hostile.json');
  const child = spawn(
    process.execPath,
    [jest, '--selectProjects', 'hostile', '--json', `--outputFile=${output}`],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = (await once(child, 'close')) as [number | null];
  const result = JSON.parse(readFileSync(output, 'utf8')) as JestReport;
  const { numPassedTests: passed, numFailedTests, numRuntimeErrorTestSuites } = result;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  if (passed + failed === 0)
    throw new Error('Tier hostile has no tests: the jest project "hostile" is empty.');
  report.tiers['hostile'] = { passed, failed };
  return code === 0 ? failed : Math.max(failed, 1);
}
