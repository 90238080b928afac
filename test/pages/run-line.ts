import { spawn } from 'node:child_process';
import { eventually } from '../environment/eventually';

/** A state that a line waits for may take a blockage's 30 s, begun anew by an attempt that a busy machine gave up. */
const SHOWN_WITHIN_MS = 100_000;

export interface LineEnd {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a line of a page as a person's shell does. */
export function runLine(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<LineEnd> {
  const child = spawn(line, { shell: true, cwd, env, timeout: 60_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/**
 * Holds a line to its comment, which may name the exit code that it is to have (`# exit code 8`) and a word that it is to
 * show (`# shows queued`), alone or both; a line with such a comment is repeated until it does. Any other has to end with 0.
 */
export async function playLine(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<LineEnd> {
  const code = Number(/#.* exit code (\d+)/.exec(line)?.[1] ?? 0);
  const shown = /#.* shows (\S+)$/.exec(line)?.[1] ?? '';
  const mayBeEarly = shown !== '' || /--state/.test(line);
  let last: LineEnd | undefined;
  const fits = async () => {
    last = await runLine(line, cwd, env);
    return last.code === code && last.output.includes(shown) ? last : undefined;
  };
  try {
    const end = mayBeEarly ? await eventually(line, fits, SHOWN_WITHIN_MS) : await fits();
    if (end !== undefined) return end;
  } catch {
    // What it said at last is more than that it was late.
  }
  throw new Error(`${line} ended with ${last?.code}: ${last?.output}`);
}
