import { join } from 'node:path';
import { startChildGroup, type ChildGroup } from '../../packages/dev-server/src/child-group';
import { freePort } from '../../packages/dev-server/src/free-port';
import { Control } from '../rig/control';
import { eventually } from '../rig/eventually';
import { CLEAN_ENV } from '../rig/run-line';

const MAIN = join(__dirname, '../../dist/cli/main.js');
/** A server, a simulator and a worker, next to other suites. */
const READY_WITHIN_MS = 60_000;

/** `snapflow dev`, running: a Temporal server of its own, a simulator, and a worker on the task queue `snapflow`. */
export interface Dev {
  readonly address: string;
  readonly control: Control;
  readonly stop: () => Promise<void>;
}

/** Starts it as a user does; by another Node, or from another installation, where these are given. */
export async function startDev(node = process.execPath, main = MAIN): Promise<Dev> {
  const port = await freePort('127.0.0.1');
  const args = [main, 'dev', '--port', String(port), '--ui-port', '0', '--json'];
  const dev = await startChildGroup(node, args, { env: CLEAN_ENV });
  const stop = async () => {
    dev.signal('SIGINT');
    await dev.ended;
  };
  try {
    return { address: `127.0.0.1:${port}`, control: await controlOf(dev), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function controlOf(dev: ChildGroup): Promise<Control> {
  const urls = await eventually(
    'snapflow dev was ready',
    () => {
      if (dev.hasEnded()) throw new Error(`snapflow dev ended by itself: ${dev.output()}`);
      return /\{[^{}]*"controlUrl"[^{}]*\}/.exec(dev.output())?.[0];
    },
    READY_WITHIN_MS,
  );
  return new Control((JSON.parse(urls) as { controlUrl: string }).controlUrl);
}
