import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** Far above what any of these takes, also on a busy machine. */
const DEADLINE_MS = 280_000;

export interface ProgramEnd {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Runs a program of `proof/` in a process of its own: it takes the clocks of its process over. */
export const runProofProgram = (program: string, ...args: readonly string[]): Promise<ProgramEnd> =>
  new Promise((resolve, reject) => {
    const started = ['--import', 'tsx', join('proof', program), ...args];
    execFile(process.execPath, started, { cwd: ROOT, timeout: DEADLINE_MS }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number')
        return reject(new Error(`${error.message}\n${stderr}`));
      if (stderr !== '') return reject(new Error(stderr));
      return resolve({ exitCode: error === null ? 0 : Number(error.code), stdout });
    });
  });
