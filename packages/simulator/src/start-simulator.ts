import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { applianceOperations } from './appliance/appliance-operations';
import { prepareTls, type Tls } from './certificates';
import { createControl } from './control/create-control';
import { FaultRules } from './faults/fault-rules';
import { Holds } from './faults/run-call';
import { createServer, RawSockets } from './http/create-server';
import type { Operation } from './http/operation';
import { CallCounts, createServe, type Site } from './http/serve-call';
import { serveOperations } from './http/serve-operations';
import { OptionError, type SimulatorOptions } from './simulator-options';
import { vcenterOperations } from './vcenter/vcenter-operations';
import { vijsonOperations } from './vijson/vijson-operations';
import { createWorldFromOptions } from './world-from-options';
import { ADMINISTRATOR, LIMITED_USER } from './world/users';
import type { World } from './world/world';

const LOOPBACK = '127.0.0.1';

/** Listens on loopback and returns the URL; `OptionError` when the port cannot be had. */
async function listen(app: FastifyInstance, flag: string, port: number, isTls: boolean): Promise<string> {
  try {
    await app.listen({ host: LOOPBACK, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code ?? 'unknown reason'})`;
    throw new OptionError(`${flag} ${port} ${reason}: choose another port, or 0 for a free one.`);
  }
  const { port: taken } = app.server.address() as AddressInfo;
  return `${isTls ? 'https' : 'http'}://${LOOPBACK}:${taken}`;
}

function createSite(world: World, seed: number, controlUrl: () => string): Site {
  return {
    world,
    rules: new FaultRules(world.ids, seed),
    holds: new Holds(world.ids, world.clock),
    counts: new CallCounts(),
    control: async ({ method, path, body }) => {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const reply = await fetch(`${controlUrl()}${path}`, { method, ...payload });
      await reply.arrayBuffer();
      return reply.status;
    },
  };
}

interface HostPlan {
  readonly flag: string;
  readonly port: number;
  readonly operations: readonly Operation[];
  readonly skewMs: () => number;
}

async function startHost(
  site: Site,
  tls: Tls,
  plan: HostPlan,
): Promise<{ app: FastifyInstance; url: string }> {
  const app = createServer(tls.certificate);
  let url = '';
  const sockets = new RawSockets();
  sockets.watch(app.server);
  const serve = createServe(site, { url: () => url, skewMs: plan.skewMs, sockets });
  serveOperations(app, plan.operations, serve);
  site.counts.watch(app.server);
  url = await listen(app, plan.flag, plan.port, tls.certificate !== undefined);
  return { app, url };
}

function describeUsers({ users }: World) {
  return {
    username: ADMINISTRATOR,
    password: users.get(ADMINISTRATOR)?.password ?? '',
    limitedUsername: LIMITED_USER,
    limitedPassword: users.get(LIMITED_USER)?.password ?? '',
  };
}

/** What is open so far, so that a start that fails half-way leaves nothing behind. */
async function closeAll(world: World, tls: Tls, apps: readonly FastifyInstance[]): Promise<void> {
  world.scheduler.stop();
  await Promise.all(apps.map((app) => app.close()));
  tls.remove();
}

/**
 * Starts vCenter, snapshot appliance and control API on loopback. Rejects with `OptionError` when an option cannot
 * be used.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const world = createWorldFromOptions(options);
  const tls = await prepareTls(options);
  let controlUrl = '';
  const site = createSite(world, options.seed ?? 1, () => controlUrl);
  const control = createControl(site);
  const apps = [control];
  const start = async (plan: HostPlan) => {
    const { app, url } = await startHost(site, tls, plan);
    apps.push(app);
    return url;
  };
  try {
    const vcenterUrl = await start({
      flag: '--vcenter-port',
      port: options.vcenterPort ?? 0,
      operations: [...vcenterOperations(world), ...vijsonOperations(world)],
      skewMs: () => 0,
    });
    const applianceUrl = await start({
      flag: '--appliance-port',
      port: options.appliancePort ?? 0,
      operations: applianceOperations(world),
      skewMs: () => world.settings.clockSkewMs,
    });
    controlUrl = await listen(control, '--control-port', options.controlPort ?? 0, false);
    const address = { vcenterUrl, applianceUrl, controlUrl, ...describeUsers(world), caFile: tls.caFile };
    return { ...address, pid: process.pid, stop: () => closeAll(world, tls, apps) };
  } catch (error) {
    await closeAll(world, tls, apps);
    throw error instanceof OptionError ? error : new Error('The simulator cannot start.', { cause: error });
  }
}

/** The first line of output. */
export interface SimulatorAddress {
  readonly vcenterUrl: string;
  readonly applianceUrl: string;
  readonly controlUrl: string;
  readonly username: string;
  readonly password: string;
  /** Lacks the privileges to clone and to power off. */
  readonly limitedUsername: string;
  readonly limitedPassword: string;
  /** The authority to trust, with `--tls`. */
  readonly caFile: string | null;
  readonly pid: number;
}

export interface RunningSimulator extends SimulatorAddress {
  /** Cuts every connection, held calls included, and frees the ports; within a second. */
  stop(): Promise<void>;
}
