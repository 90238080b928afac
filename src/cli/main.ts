#!/usr/bin/env node
import { runCli } from './program';

// A reader that has seen enough (`snapflow list | head -1`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** Until everything that was written so far has left, or cannot leave any more. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => void stream.write('', () => resolve()));

/**
 * A finished command ends here. Left to end by itself it waits for sockets and the native runtime, and Node 20 can spin for
 * ever in its clean-up when a connection was cut off: seen of the simulator in two of 150 rounds of the proof.
 */
const main = async (): Promise<void> => {
  const code = await runCli(process.argv);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
};

void main();
