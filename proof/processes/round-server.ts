import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { omitUndefined } from '../../src/contract/omit-undefined';
import type { Plan } from '../judge/evidence/plan';
import type { Fault } from './fault';
import { startServer, type SharedServers } from './servers';

/** The Temporal server of a round: shared, or its own where a fault kills it. */
export interface RoundServer {
  readonly address: string;
  /** SIGKILL; rejects where the server is shared. */
  readonly kill: () => Promise<void>;
  /** Starts it again with what its database file kept. */
  readonly restart: () => Promise<void>;
  readonly onRestart: (then: () => Promise<void>) => void;
  readonly close: () => Promise<void>;
}

export async function openRoundServer(
  profile: Plan['profile'],
  shared: SharedServers,
  { killsServer, bareServer }: Pick<Fault, 'killsServer' | 'bareServer'>,
): Promise<RoundServer> {
  if (bareServer === true) return ownServer(profile, []);
  if (killsServer === true) return ownServer(profile);
  const refuse = () => Promise.reject(new Error('this round shares its server: it must not be killed'));
  return {
    address: await shared.address(profile),
    kill: refuse,
    restart: refuse,
    onRestart: () => undefined,
    close: () => Promise.resolve(),
  };
}

async function ownServer(
  profile: Plan['profile'],
  searchAttributes?: readonly string[],
): Promise<RoundServer> {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-server-'));
  const dbFile = join(folder, 'temporal.db');
  const own = { dbFile, ...omitUndefined({ searchAttributes }) };
  let server = await startServer(profile, own);
  const { address } = server;
  const port = Number(address.split(':')[1]);
  const restarted: (() => Promise<void>)[] = [];
  return {
    address,
    kill: async () => {
      process.kill(-server.pid, 'SIGKILL');
      await server.ended;
    },
    restart: async () => {
      server = await startServer(profile, { ...own, port });
      for (const then of restarted) await then();
    },
    onRestart: (then) => restarted.push(then),
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
