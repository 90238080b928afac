import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { OperationNotFound, Snapflow, type OperationStatus } from '../../../../src/client';
import { startChild, type Child } from './child';
import { control, type Control } from './control';
import { until } from './until';

const MAIN = join(__dirname, '../../../../dist/cli/main.js');
/** Short, so that the death of a worker is noticed in seconds. */
const OPERATION = { startToCloseMs: 3_000, quarantineMs: 3_000, heartbeatTimeoutMs: 2_000 };
const SAMPLE_MS = 200;

type Site = Record<'controlUrl' | 'vcenterUrl' | 'applianceUrl' | 'username' | 'password', string>;

/** One round that is being recorded: a simulator, workers and callers as processes, on a server that others use too. */
export class Round {
  readonly connection: string;
  private readonly children: { role: string; child: Child }[] = [];
  private readonly env: NodeJS.ProcessEnv;
  private readonly sampling = new Map<string, NodeJS.Timeout>();
  worker!: Child;
  control!: Control;
  private snapflow!: Snapflow;

  constructor(
    readonly folder: string,
    readonly id: string,
    readonly address: string,
  ) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'logs'), { recursive: true });
    mkdirSync(join(folder, 'histories'));
    for (const name of ['fired', 'journal', 'callers', 'progress']) this.lines(name, '');
    this.connection = id;
    this.env = {
      PATH: process.env['PATH'],
      HOME: homedir(),
      TEMPORAL_ADDRESS: address,
      SNAPFLOW_TASK_QUEUE: id,
      SNAPFLOW_CONFIG: join(tmpdir(), `${id}.yaml`),
    };
  }

  async start(): Promise<void> {
    const simulator = this.child('simulator', [
      MAIN,
      'simulator',
      '--clone-ms',
      '1500',
      '--revert-ms',
      '1500',
    ]);
    const line = await until('the simulator listens', () => /^\{.*\}$/m.exec(simulator.stdout())?.[0]);
    const { controlUrl, ...site } = JSON.parse(line) as Site;
    this.control = control(controlUrl);
    const { vcenterUrl, applianceUrl, username, password } = site;
    const connections = {
      [this.connection]: { vcenterUrl, applianceUrl, username, password, operation: OPERATION },
    };
    writeFileSync(this.env['SNAPFLOW_CONFIG']!, JSON.stringify({ connections }), { mode: 0o600 });
    this.json('secrets', { canaries: [{ name: 'password', value: password }] });
    this.json('before', await this.control('GET', '/state'));
    this.snapflow = await Snapflow.connect({ address: this.address, taskQueue: this.id });
    await this.startWorker();
  }

  async startWorker(): Promise<void> {
    this.worker = this.child('worker', [MAIN, 'worker']);
    const { worker } = this;
    await until('the worker is ready', () => /worker ready/.test(worker.stdout() + worker.stderr()));
  }

  async killWorker(): Promise<void> {
    this.worker.signal('SIGKILL');
    await this.worker.ended;
    this.journal({ event: 'killed', process: 'worker', pid: this.worker.pid });
  }

  async terminate(requestId: string): Promise<void> {
    const workflowId = `snapflow:${this.connection}:${requestId}`;
    const connection = await Connection.connect({ address: this.address });
    await new Client({ connection }).workflow.getHandle(workflowId).terminate('by an operator');
    await connection.close();
    this.journal({ event: 'terminated', requestId, workflowId });
  }

  fired(fault: string, where: string): void {
    this.lines('fired', { fault, at: now(), where });
  }

  journal(entry: Record<string, unknown>): void {
    this.lines('journal', { at: now(), ...entry });
  }

  /** A caller of the command line; its operation is sampled until the round ends. */
  async caller(requestId: string, args: readonly string[], event: 'asked' | 'cancel-asked' = 'asked') {
    const startedAt = now();
    this.journal({ event, requestId });
    const child = this.child('caller', [MAIN, ...args]);
    this.sample(requestId);
    const { code, signal } = await child.ended;
    const line = {
      requestId,
      argv: ['snapflow', ...args],
      startedAt,
      endedAt: now(),
      exitCode: code,
      signal,
    };
    this.lines('callers', { ...line, stdout: child.stdout(), stderr: child.stderr() });
    return code;
  }

  /** Read by the library: a process of its own for each sample would be slower than what it watches. */
  async status(requestId: string): Promise<OperationStatus | undefined> {
    try {
      return await (await this.snapflow.operation(requestId, { connection: this.connection })).describe();
    } catch (error) {
      if (error instanceof OperationNotFound) return undefined;
      throw error;
    }
  }

  private sample(requestId: string): void {
    if (this.sampling.has(requestId)) return;
    const again = async () => {
      const status = await this.status(requestId);
      if (status !== undefined) {
        const { runId, phase, percent, state, condition } = status;
        this.lines('progress', { at: now(), requestId, runId, phase, percent, state, condition });
      }
      if (this.sampling.has(requestId))
        this.sampling.set(
          requestId,
          setTimeout(() => void again(), SAMPLE_MS),
        );
    };
    this.sampling.set(
      requestId,
      setTimeout(() => void again(), SAMPLE_MS),
    );
  }

  stopSampling(): void {
    for (const timer of this.sampling.values()) clearTimeout(timer);
    this.sampling.clear();
  }

  child(role: string, args: readonly string[]): Child {
    const log =
      role === 'caller' ? undefined : join(this.folder, 'logs', `${role}-${this.children.length}.log`);
    const child = startChild(process.execPath, args, this.env, log);
    this.children.push({ role, child });
    return child;
  }

  async records(): Promise<void> {
    for (const [name, path] of Object.entries({
      after: 'state',
      ledger: 'ledger',
      calls: 'calls',
      faults: 'faults',
    }))
      this.json(name, await this.control('GET', `/${path}`));
  }

  async cli(...args: string[]): Promise<string> {
    const child = startChild(process.execPath, [MAIN, ...args], this.env);
    await child.ended;
    return child.stdout();
  }

  async stop(): Promise<void> {
    this.stopSampling();
    this.worker.signal('SIGTERM');
    await this.worker.ended;
    this.journal({ event: 'stopped', process: 'worker', pid: this.worker.pid });
    await this.records();
    await this.snapflow.close();
    for (const { child } of this.children) child.signal('SIGTERM');
    await Promise.all(this.children.map(({ child }) => child.ended));
    rmSync(this.env['SNAPFLOW_CONFIG']!);
    const started = this.children.map(({ role, child }) => ({ role, pid: child.pid }));
    this.json('processes', { started, alive: [], portsOpen: [] });
  }

  json(name: string, value: unknown): void {
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(value));
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  private lines(name: string, value: unknown): void {
    const text = value === '' ? '' : `${JSON.stringify(value)}\n`;
    appendFileSync(join(this.folder, `${name}.jsonl`), text);
  }
}

const now = (): string => new Date().toISOString();
