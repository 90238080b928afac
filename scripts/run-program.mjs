import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A terminal's Ctrl-C arrives from the terminal and again from npm; two within this time are one. */
const SAME_SIGNAL_MS = 500;

/**
 * Runs a node program in a process group of its own and hands every signal on to it once.
 *
 * When it has ended whatever it left in its group is killed, so that nothing stays behind.
 * Returns its exit code, 128 plus the number for a signal.
 */
export async function runProgram(args, options = {}) {
  const grouped = process.platform !== 'win32';
  const child = spawn(process.execPath, args, { stdio: 'inherit', ...options, detached: grouped });
  const toGroup = (signal) => {
    try {
      if (grouped) process.kill(-Number(child.pid), signal);
      else child.kill(signal);
    } catch {
      // Nobody is left in the group.
    }
  };
  const lastAt = {};
  const forward = (signal) => {
    const now = performance.now();
    if (now - (lastAt[signal] ?? -Infinity) > SAME_SIGNAL_MS) child.kill(signal);
    lastAt[signal] = now;
  };
  const killAll = () => toGroup('SIGKILL');
  for (const signal of SIGNALS) process.on(signal, forward);
  process.on('exit', killAll);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...end) => resolve(end));
  });
  killAll();
  process.off('exit', killAll);
  for (const name of SIGNALS) process.off(name, forward);
  return signal ? 128 + constants.signals[signal] : code;
}
