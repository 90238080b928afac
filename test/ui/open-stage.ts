import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Snapflow } from '../../src/client';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';
import { Control } from '../rig/control';
import { CLEAN_ENV } from '../rig/run-line';
import { startProgram } from '../rig/start-program';
import { startSnapflowServer } from '../start-snapflow-server';

/** A Temporal server with its UI, and two simulated sites behind one worker, all as processes. */
export interface Stage {
  readonly uiUrl: string;
  readonly snapflow: Snapflow;
  /** The site of the connections `default` and `lab`. */
  readonly site: Control;
  /** The site of the connection `branch`. */
  readonly branch: Control;
  close(): Promise<void>;
}

type Site = Record<'vcenterUrl' | 'applianceUrl' | 'controlUrl' | 'username' | 'password', string>;

/** An unknown start is looked for soon. */
const SHORT = { startToCloseMs: 3_000, quarantineMs: 3_000 };
/** On `lab` everything is overdue at once. */
const OVERDUE_AFTER_MS = 2_000;

/** What was started is ended again also where the rest could not be. */
export async function openStage(): Promise<Stage> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await open(closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(closing: (() => Promise<unknown>)[]): Promise<Omit<Stage, 'close'>> {
  const { path: binary } = await findTemporalBinary();
  const server = await startSnapflowServer({ binary, uiPort: 0 });
  closing.push(() => server.stop());
  const site = await startSite(closing);
  const branch = await startSite(closing);
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-ui-'));
  closing.push(() => rm(folder, { recursive: true }));
  const config = join(folder, 'worker.yaml');
  await writeFile(config, JSON.stringify(configuration(site, branch)), { mode: 0o600 });
  const env = { ...CLEAN_ENV, TEMPORAL_ADDRESS: server.address, SNAPFLOW_CONFIG: config };
  const worker = await startProgram(['worker'], /worker ready/, env);
  closing.push(() => worker.stop(1_000));
  const snapflow = await Snapflow.connect({ address: server.address });
  closing.push(() => snapflow.close());
  return {
    uiUrl: server.uiUrl!,
    snapflow,
    site: new Control(site.controlUrl),
    branch: new Control(branch.controlUrl),
  };
}

async function startSite(closing: (() => Promise<unknown>)[]): Promise<Site> {
  const simulator = await startProgram(['simulator'], /^\{.*\}\n/m, CLEAN_ENV);
  closing.push(() => simulator.stop(1_000));
  return JSON.parse(/^\{.*\}$/m.exec(simulator.output())![0]) as Site;
}

function configuration(site: Site, branch: Site): object {
  const connection = (settings: Site, operation: object) => ({
    vcenterUrl: settings.vcenterUrl,
    applianceUrl: settings.applianceUrl,
    username: settings.username,
    password: settings.password,
    operation: { ...SHORT, ...operation },
  });
  return {
    connections: {
      default: connection(site, {}),
      lab: connection(site, { waitBudgetMs: OVERDUE_AFTER_MS }),
      branch: connection(branch, {}),
    },
  };
}
