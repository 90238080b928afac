import { omitUndefined } from '../../src/contract/omit-undefined';

/** An effect that the simulator really had. */
export interface Effect {
  readonly seq: number;
  /** When it came about, ISO 8601. */
  readonly at: string;
  readonly kind: 'clone' | 'revert' | 'restore' | 'delete' | 'power' | 'snapshot';
  readonly vm: string;
  readonly name?: string;
  readonly task?: string;
  readonly resultVm?: string;
  readonly snapshot?: string;
  readonly user: string;
}

export interface SimulatedTask {
  readonly task: string;
  readonly status: string;
  /** Source, or the machine that is reverted. */
  readonly vm: string;
}

export interface SimulatedState {
  readonly tasks: readonly SimulatedTask[];
  readonly inventory: {
    readonly vms: readonly { readonly id: string; readonly name: string; readonly cluster: string }[];
    readonly snapshots: readonly { readonly id: string; readonly vm: string }[];
  };
}

/** See the simulator's README. */
export interface FaultRule {
  readonly operation: string;
  /** `before` where it is left out. */
  readonly position?: 'before' | 'after' | 'late' | 'never';
  readonly action?: unknown;
  readonly [option: string]: unknown;
}

interface Hold {
  readonly hold: string;
  readonly operation: string;
  readonly position: string;
}

interface Calls {
  readonly calls: Readonly<Record<string, number>>;
  readonly openSessions: number;
}

/** The simulator's control calls, as tests, proof and bench use them. */
export class Control {
  constructor(private readonly url: string) {}

  ledger = () => this.call<readonly Effect[]>('GET', '/ledger');
  state = <T = SimulatedState>() => this.call<T>('GET', '/state');
  calls = () => this.call<Calls>('GET', '/calls');
  faults = () => this.call<readonly Record<string, unknown>[]>('GET', '/faults');
  /** @returns asks whether the rule has fired since */
  async fault(rule: FaultRule): Promise<() => Promise<boolean>> {
    const { rule: id } = await this.call<{ readonly rule: string }>('POST', '/faults', rule);
    return async () => (await this.faults()).some((each) => each['rule'] === id && Number(each['fired']) > 0);
  }

  clearFaults = () => this.call('DELETE', '/faults');
  settings = (settings: Record<string, unknown>) => this.call('PATCH', '/settings', settings);
  holds = () => this.call<readonly Hold[]>('GET', '/holds');
  release = (hold: string, action?: unknown) =>
    this.call('POST', `/holds/${encodeURIComponent(hold)}/release`, omitUndefined({ action }));
  task = (taskId: string, change: Record<string, unknown>) =>
    this.call('POST', `/tasks/${encodeURIComponent(taskId)}`, change);
  /** Records of tasks that have ended before. */
  addEndedTasks = (ended: Record<string, unknown>) =>
    this.call<{ tasks: readonly string[] }>('POST', '/tasks', ended);
  vm = (vmId: string, change: Record<string, unknown>) => this.call('POST', `/vms/${vmId}`, change);
  addVm = (vm: Record<string, unknown>) => this.call<{ vm: string }>('POST', '/vms', vm);
  user = (name: string, change: Record<string, unknown>) =>
    this.call('PATCH', `/users/${encodeURIComponent(name)}`, change);
  expireSessions = () => this.call('POST', '/sessions/expire');
  clonesNamed = async (name: string) =>
    (await this.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name);

  /** Any control call; a refusal is an error of the test. */
  async call<T = unknown>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const reply = await fetch(`${this.url}${path}`, {
      method,
      ...omitUndefined({
        headers: body === undefined ? undefined : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`The simulator refused ${method} ${path}: ${reply.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
