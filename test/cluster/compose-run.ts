import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChildGroup, type ChildGroup } from '../../packages/dev-server/src/child-group';
import type { Compose, ComposeService } from './load-compose';
import { eventually } from '../environment/eventually';
import type { ClusterPlace } from './cluster-place';
import { initPostgres } from './init-postgres';
import { serviceHere, type ServiceHere } from './service-here';

/** A server with an empty database on a machine that others share is there in seconds. */
const HEALTHY_WITHIN_MS = 120_000;
/** Docker's own first delay before it repeats a job, doubled each time. */
const FIRST_DELAY_MS = 100;

/** The services of a compose file as processes of this machine, in the order and by the conditions that it states. */
export interface ComposeRun {
  /** Starts the services and what they depend on; resolves when the jobs have succeeded and the others are healthy. */
  up(names: readonly string[]): Promise<void>;
  /** Runs a job once more. @throws Error with its output */
  job(name: string): Promise<void>;
  /** The processes of a service, one for each replica. */
  processes(name: string): readonly ChildGroup[];
  /** As `docker compose stop`. */
  stopService(name: string): Promise<void>;
  /** What the restart policy does: starts whatever of the service has ended, and resolves when it is healthy. */
  revive(name: string): Promise<void>;
  /** How often each job had to run until it succeeded. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Everything, in the reverse order, each with the grace that the compose file gives. */
  stop(): Promise<void>;
}

export function composeRun(compose: Compose, place: ClusterPlace): ComposeRun {
  const running = new Map<string, readonly ChildGroup[]>();
  const attempts: Record<string, number> = {};

  const serviceNamed = (name: string): ComposeService => {
    const service = compose.services[name];
    if (service === undefined) throw new Error(`the compose file has no service "${name}"`);
    return service;
  };

  const job = async (name: string): Promise<void> => {
    const child = await spawnHere(serviceHere(name, serviceNamed(name), place), place);
    running.set(name, [child]);
    const { code } = await child.ended;
    running.delete(name);
    if (code !== 0) throw new Error(`the job ${name} ended with exit code ${code}: ${child.output()}`);
  };

  const repeated = async (name: string, limit: number): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      attempts[name] = attempt;
      try {
        return await job(name);
      } catch (error) {
        if (attempt > limit) throw error;
        await delay(FIRST_DELAY_MS * 2 ** (attempt - 1));
      }
    }
  };

  const start = async (name: string): Promise<void> => {
    const service = serviceNamed(name);
    const [, retries] = /^on-failure:(\d+)$/.exec(service.restart ?? '') ?? [];
    if (retries !== undefined) return repeated(name, Number(retries));
    if (name === 'postgresql') await initPostgres(place, serviceHere(name, service, place));
    running.set(name, []);
    for (let copy = 1; copy <= Number(service.deploy?.replicas ?? 1); copy++) await startCopy(name, copy);
  };

  const startCopy = async (name: string, copy: number): Promise<void> => {
    const here = serviceHere(name, serviceNamed(name), place, copy);
    const child = await spawnHere(here, place);
    running.set(name, (running.get(name) ?? []).toSpliced(copy - 1, 1, child));
    await healthy(`${name} ${copy}`, child, here, place);
  };

  const done = new Set<string>();
  const upOne = async (name: string): Promise<void> => {
    if (done.has(name)) return;
    for (const needed of Object.keys(serviceNamed(name).depends_on ?? {})) await upOne(needed);
    await start(name);
    done.add(name);
  };

  return {
    up: async (names) => {
      for (const name of names) await upOne(name);
    },
    job,
    processes: (name) => running.get(name) ?? [],
    stopService: async (name) => {
      const service = serviceNamed(name);
      await Promise.all((running.get(name) ?? []).map((child) => stopWithin(name, child, service)));
    },
    revive: async (name) => {
      for (const [index, child] of (running.get(name) ?? []).entries())
        if (child.hasEnded()) await startCopy(name, index + 1);
    },
    attempts,
    stop: async () => {
      for (const [name, children] of [...running].toReversed())
        await Promise.all(children.map((child) => stopWithin(name, child, serviceNamed(name))));
      running.clear();
    },
  };
}

function spawnHere({ command, env, cwd, user }: ServiceHere, place: ClusterPlace): Promise<ChildGroup> {
  const [file = '', ...args] = command;
  // The shell is the system's; everything else comes from an image.
  const program = file === 'sh' ? '/bin/sh' : join(place.folder, 'bin', file);
  return startChildGroup(program, args, { cwd, env: { ...env }, ...user });
}

async function healthy(
  what: string,
  child: ChildGroup,
  { healthCheck, env, cwd }: ServiceHere,
  place: ClusterPlace,
): Promise<void> {
  const [file = '', ...args] = healthCheck ?? [];
  const program = file === 'wget' ? '/usr/bin/env' : join(place.folder, 'bin', file);
  try {
    await eventually(
      `${what} is healthy`,
      async () => {
        if (child.hasEnded()) throw new Error(`${what} ended by itself`);
        const probe = await startChildGroup(program, file === 'wget' ? [file, ...args] : args, {
          cwd,
          env: { ...env },
        });
        return (await probe.ended).code === 0;
      },
      HEALTHY_WITHIN_MS,
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}; its last words: ${child.output()}`, { cause: error });
  }
}

function stopWithin(name: string, child: ChildGroup, service: ComposeService): Promise<void> {
  // The image's STOPSIGNAL: on a SIGTERM it would wait for its clients.
  if (name === 'postgresql') child.signal('SIGINT');
  return child.stop(Number.parseInt(service.stop_grace_period ?? '10s', 10) * 1_000);
}
