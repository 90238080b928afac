/**
 * Loaded first by a program that a test runs: it ends, and all that is left of its process group, when the test process
 * does. A test cannot end it by hooks of its own, as nothing of jest's sandbox runs at the process's end.
 */
process.once('disconnect', () => {
  // Behind the program's own hooks, which end what has a group of its own.
  process.once('exit', () => process.kill(-process.pid, 'SIGKILL'));
  process.exit(1);
});
// It must not keep a program that is done.
process.channel?.unref();
