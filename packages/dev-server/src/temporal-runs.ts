import { runToEnd } from './run-to-end';

/** `--version` prints one line and answers in well under a second; more means that this file is no working program. */
const LIMIT_MS = 10_000;

/** Whether the file is a `temporal` command line that works on this machine. */
export async function temporalRuns(path: string): Promise<boolean> {
  try {
    return /^temporal version /m.test(await runToEnd(path, ['--version'], LIMIT_MS));
  } catch {
    return false;
  }
}
