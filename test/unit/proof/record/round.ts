import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationNotFound, type OperationStatus } from '../../../../src/client';
import { requestWorkflowId } from '../../../../src/contract/operations';
import { openEnvironment } from '../../../environment/open-environment';
import { SHORT, type ProcessEnvironment } from '../../../environment/processes';

const TASK_MS = 1_500;
const SAMPLE_MS = 200;
/** A worker that does nothing drains at once. */
const STOP_MS = 10_000;

/** One round that is being recorded, on a server that others use too. */
export class Round {
  private readonly sampling = new Map<string, NodeJS.Timeout>();

  private constructor(
    readonly folder: string,
    readonly env: ProcessEnvironment,
  ) {}

  static async open(folder: string, name: string, address: string): Promise<Round> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'logs'), { recursive: true });
    mkdirSync(join(folder, 'histories'));
    const env = await openEnvironment({
      as: 'processes',
      name: name.slice(0, 20),
      temporal: { address },
      simulator: [`--clone-ms=${TASK_MS}`, `--revert-ms=${TASK_MS}`],
      operation: SHORT,
      workers: 0,
      log: (program) => join(folder, 'logs', `${program}.log`),
    });
    const round = new Round(folder, env);
    for (const file of ['fired', 'journal', 'callers', 'progress']) round.lines(file, '');
    round.json('secrets', { canaries: [{ name: 'password', value: env.site.password }] });
    round.json('before', await env.control.state());
    await env.startWorker();
    return round;
  }

  async killWorker(): Promise<void> {
    const { pid } = await this.env.killWorker();
    this.journal({ event: 'killed', process: 'worker', pid });
  }

  async terminate(requestId: string): Promise<void> {
    const workflowId = requestWorkflowId(this.env.connection, requestId);
    await this.env.temporal.workflow.getHandle(workflowId).terminate('by an operator');
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
    const caller = this.env.run('caller', args);
    this.sample(requestId);
    const { code, signal } = await caller.ended;
    const line = {
      requestId,
      argv: ['snapflow', ...args],
      startedAt,
      endedAt: now(),
      exitCode: code,
      signal,
    };
    this.lines('callers', { ...line, stdout: caller.stdout(), stderr: caller.stderr() });
    return code;
  }

  /** Read by the library: a process of its own for each sample would be slower than what it watches. */
  async status(requestId: string): Promise<OperationStatus | undefined> {
    try {
      const { snapflow, connection } = this.env;
      return await (await snapflow.operation(requestId, { connection })).describe();
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

  async records(): Promise<void> {
    for (const [name, path] of Object.entries({
      after: 'state',
      ledger: 'ledger',
      calls: 'calls',
      faults: 'faults',
    }))
      this.json(name, await this.env.control.call('GET', `/${path}`));
  }

  async cli(...args: string[]): Promise<string> {
    const program = this.env.run('list', args);
    await program.ended;
    return program.stdout();
  }

  async stop(): Promise<void> {
    this.stopSampling();
    const worker = this.env.worker();
    await worker.stop(STOP_MS);
    this.journal({ event: 'stopped', process: 'worker', pid: worker.pid });
    await this.records();
    await this.env.close();
    const started = this.env.programs.map(({ role, pid }) => ({ role, pid }));
    this.json('processes', { started, alive: [], portsOpen: [] });
  }

  json(name: string, value: unknown): void {
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(value));
  }

  private lines(name: string, value: unknown): void {
    const text = value === '' ? '' : `${JSON.stringify(value)}\n`;
    appendFileSync(join(this.folder, `${name}.jsonl`), text);
  }
}

const now = (): string => new Date().toISOString();
