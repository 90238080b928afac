import { Control } from '../test/rig/control';
import { startProgram } from '../test/rig/start-program';

export interface Site {
  readonly vcenterUrl: string;
  readonly applianceUrl: string;
  readonly username: string;
  readonly password: string;
  readonly control: Control;
  stop(): Promise<void>;
}

/** A simulator in a process of its own, so that its work is not taken for ours. */
export async function startSite(flags: Readonly<Record<string, number>>): Promise<Site> {
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = await startProgram(['simulator', ...given], /^\{.*\}\n/m);
  const line = JSON.parse(/^\{.*\}$/m.exec(program.output())![0]) as Record<string, string>;
  const { vcenterUrl = '', applianceUrl = '', username = '', password = '', controlUrl = '' } = line;
  return {
    vcenterUrl,
    applianceUrl,
    username,
    password,
    control: new Control(controlUrl),
    stop: () => program.stop(STOP_MS),
  };
}

const STOP_MS = 2_000;
