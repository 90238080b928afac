import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { Control } from '../environment/control';
import { CLEAN_ENV, SNAPFLOW, startProgram, untilProgram } from '../environment/program';

/** `snapflow dev`, running: a Temporal server of its own, a simulator, and a worker on the task queue `snapflow`. */
export interface Dev {
  readonly address: string;
  readonly control: Control;
  readonly stop: () => Promise<void>;
}

/** Starts it as a user does; by another Node, or from another installation, where these are given. */
export async function startDev(node = process.execPath, main = SNAPFLOW): Promise<Dev> {
  const port = await freePort('127.0.0.1');
  const args = [main, 'dev', '--port', String(port), '--ui-port', '0', '--json'];
  const dev = startProgram(args, { role: 'snapflow dev', node, env: CLEAN_ENV });
  const stop = async () => {
    dev.signal('SIGINT');
    await dev.ended;
  };
  try {
    const urls = await untilProgram(
      dev,
      'is ready',
      ({ stdout }) => /\{[^{}]*"controlUrl"[^{}]*\}/.exec(stdout())?.[0],
    );
    const { controlUrl } = JSON.parse(urls) as { controlUrl: string };
    return { address: `127.0.0.1:${port}`, control: new Control(controlUrl), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
