'use strict';
// Loaded first by a program that runs for a test, the proof or the bench. It ends with its whole process group when the
// process that started it does, however that ends. Hooks in that process are not enough: jest runs none at its end, and
// SIGKILL gets past all of them.
process.once('disconnect', () => {
  // Behind the program's own hooks, which end what has a group of its own.
  process.once('exit', () => process.kill(-process.pid, 'SIGKILL'));
  process.exit(1);
});
// It must not keep a program that is done.
process.channel?.unref();
