import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Snapflow } from '../src/client';
import type { OperationSettings } from '../src/contract/operations';
import type { ChildGroup } from 'snapflow-dev-server';
import { startNode } from '../test/rig/start-node';
import { startProgram } from '../test/rig/start-program';
import { hostWorker, type HostedWorker } from './host-worker';
import { startSite, type Site } from './site';

/** Longer than a worker's own drain. */
const STOP_MS = 25_000;

/** One simulator, one task queue, as many workers as asked for, on the bench's one Temporal server. */
export interface Rig {
  readonly site: Site;
  readonly snapflow: Snapflow;
  readonly connection: string;
  readonly taskQueue: string;
  startWorker(): Promise<ChildGroup>;
  /** A worker that tells of itself, with a workflow cache of a set size. */
  hostWorker(cachedWorkflows: number): Promise<HostedWorker>;
}

export interface RigOptions {
  readonly name: string;
  readonly flags?: Readonly<Record<string, number>>;
  readonly operation?: Partial<OperationSettings>;
  readonly limits?: Readonly<Record<string, number>>;
}

/** What every row has in common: the server, and how to start things that are stopped at the row's end. */
export class Stack {
  private readonly closing: (() => Promise<unknown>)[] = [];
  private count = 0;

  constructor(
    readonly address: string,
    readonly server: string,
    readonly namespace = 'default',
  ) {}

  async rig({ name, flags = {}, operation = {}, limits = {} }: RigOptions): Promise<Rig> {
    const unique = `${name}-${process.pid}-${++this.count}`;
    const site = await this.keep(startSite(flags), (each) => each.stop());
    const { vcenterUrl, applianceUrl, username, password } = site;
    const folder = await this.keep(mkdtemp(join(tmpdir(), 'snapflow-bench-')), (each) =>
      rm(each, { recursive: true }),
    );
    const config = join(folder, 'snapflow.yaml');
    const connection = { vcenterUrl, applianceUrl, username, password, operation, limits };
    await writeFile(config, JSON.stringify({ connections: { [unique]: connection } }), { mode: 0o600 });
    const env = { ...this.environment(unique), SNAPFLOW_CONFIG: config };
    return {
      site,
      connection: unique,
      taskQueue: unique,
      snapflow: await this.keep(
        Snapflow.connect({ address: this.address, namespace: this.namespace, taskQueue: unique }),
        (each) => each.close(),
      ),
      hostWorker: (cachedWorkflows) =>
        this.keep(hostWorker({ ...env, BENCH_CACHED_WORKFLOWS: String(cachedWorkflows) }), (each) =>
          each.stop(),
        ),
      startWorker: () =>
        this.keep(startProgram(['worker'], /worker ready/, env), (each) => each.stop(STOP_MS)),
    };
  }

  /** A program of the bench itself, such as a peer's worker. */
  peer(file: string, ready: RegExp, taskQueue: string, env: NodeJS.ProcessEnv = {}): Promise<ChildGroup> {
    const started = startNode(['--import', 'tsx', file], ready, { ...this.environment(taskQueue), ...env });
    return this.keep(started, (each) => each.stop(STOP_MS));
  }

  async client(): Promise<Client> {
    const connection = await this.keep(Connection.connect({ address: this.address }), (each) => each.close());
    return new Client({ connection, namespace: this.namespace });
  }

  /** Ends, newest first, all that a row started. */
  async close(): Promise<void> {
    for (const close of this.closing.splice(0).toReversed()) await close();
  }

  private environment(taskQueue: string): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      TEMPORAL_ADDRESS: this.address,
      TEMPORAL_NAMESPACE: this.namespace,
      SNAPFLOW_TASK_QUEUE: taskQueue,
    };
  }

  private async keep<T>(opening: Promise<T>, close: (opened: T) => Promise<unknown>): Promise<T> {
    const opened = await opening;
    this.closing.push(() => close(opened));
    return opened;
  }
}
