#!/usr/bin/env node
import { runCli } from './run-cli';

// A reader that has seen enough (`snapflow list | head -1`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** A native runtime or a socket that was left open must not keep a finished command; output is flushed long before. */
const LINGER_MS = 1000;

const main = async (): Promise<void> => {
  process.exitCode = await runCli(process.argv);
  setTimeout(() => process.exit(), LINGER_MS).unref();
};

void main();
