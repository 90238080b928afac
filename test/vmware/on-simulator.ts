import { startSimulator, type RunningSimulator } from '../../packages/simulator/src/start-simulator';
import type { LedgerEntry } from '../../packages/simulator/src/world/ledger';
import { runToEnd } from '../../packages/dev-server/src/child-group';
import { CLEAN_ENV } from '../environment/program';

/** Some thirty calls on loopback, and a task or two. */
const RUN_LIMIT_MS = 60_000;

/** What a program was told, and what that did to the site. */
export interface Run {
  readonly told: Record<string, unknown>;
  readonly effects: readonly LedgerEntry[];
  readonly simulator: RunningSimulator;
}

/** Runs a program that prints one JSON object against a simulator of its own. */
export async function runOnSimulator(
  release: string,
  program: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Run> {
  const simulator = await startSimulator({ release, cloneMs: 100, revertMs: 100 });
  try {
    const site = {
      VCENTER_URL: simulator.vcenterUrl,
      APPLIANCE_URL: simulator.applianceUrl,
      VSPHERE_USERNAME: simulator.username,
      VSPHERE_PASSWORD: simulator.password,
      RELEASE: release,
    };
    const printed = await runToEnd(program, args, RUN_LIMIT_MS, { env: { ...CLEAN_ENV, ...site, ...env } });
    const effects = (await (await fetch(`${simulator.controlUrl}/ledger`)).json()) as LedgerEntry[];
    // A warning of a library may stand before it.
    const last = printed.trimEnd().split('\n').at(-1) ?? '';
    return { told: JSON.parse(last) as Run['told'], effects, simulator };
  } finally {
    await simulator.stop();
  }
}
