#!/usr/bin/env node
import { runCli } from './program';

// A reader that has seen enough (`snapflow list | head -1`) is no failure of ours. A full disk is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  const why = error.code === 'ENOSPC' ? 'no space is left (ENOSPC)' : error.message;
  process.stderr.write(`The output cannot be written: ${why}.\n`, () => process.exit(1));
});
// Where nobody reads what is for people, the work and its exit code are the same.
process.stderr.on('error', () => {});

/** Until everything that was written so far has left, or cannot leave any more. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void stream.write('', () => resolve()));

/**
 * A finished command ends here. Left to end by itself it waits for sockets and the native runtime, and Node 20 can spin for
 * ever in its clean-up when a connection was cut off: seen of the simulator in two of 150 rounds of the proof.
 */
async function main(): Promise<void> {
  const code = await runCli(process.argv);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

void main();
