import { request } from 'undici';
import { omitUndefined } from '../../src/contract/omit-undefined';

/** An effect that the simulator really had. */
export interface Effect {
  readonly seq: number;
  readonly kind: 'clone' | 'revert' | 'restore' | 'delete' | 'power' | 'snapshot';
  readonly vm: string;
  readonly name?: string;
  readonly task?: string;
  readonly resultVm?: string;
  readonly snapshot?: string;
  readonly user: string;
}

export interface FaultRule {
  readonly operation: string;
  /** `before` where it is left out. */
  readonly position?: 'before' | 'after' | 'late' | 'never';
  readonly action?: unknown;
  readonly [option: string]: unknown;
}

/** The simulator's control calls, as the tests use them. */
export class Control {
  constructor(private readonly url: string) {}

  ledger = () => this.call<readonly Effect[]>('GET', '/ledger');
  state = <T = Record<string, unknown>>() => this.call<T>('GET', '/state');
  calls = () => this.call<{ calls: Record<string, number>; sessions?: unknown }>('GET', '/calls');
  fault = (rule: FaultRule) => this.call('POST', '/faults', rule);
  faults = () => this.call<readonly Record<string, unknown>[]>('GET', '/faults');
  settings = (settings: Record<string, unknown>) => this.call('PATCH', '/settings', settings);
  holds = () => this.call<readonly { hold: string; operation: string }[]>('GET', '/holds');
  release = (hold: string, action?: unknown) =>
    this.call('POST', `/holds/${encodeURIComponent(hold)}/release`, omitUndefined({ action }));
  task = (taskId: string, change: Record<string, unknown>) =>
    this.call('POST', `/tasks/${encodeURIComponent(taskId)}`, change);
  vm = (vmId: string, change: Record<string, unknown>) => this.call('POST', `/vms/${vmId}`, change);
  addVm = (vm: Record<string, unknown>) => this.call<{ vm: string }>('POST', '/vms', vm);
  user = (name: string, change: Record<string, unknown>) =>
    this.call('PATCH', `/users/${encodeURIComponent(name)}`, change);
  expireSessions = () => this.call('POST', '/sessions/expire');

  /** Any control call; a refusal is an error of the test. */
  async call<T = unknown>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T> {
    const reply = await request(`${this.url}${path}`, {
      method,
      ...omitUndefined({
        headers: body === undefined ? undefined : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
      }),
    });
    const text = await reply.body.text();
    if (reply.statusCode >= 300) throw new Error(`control ${method} ${path}: ${reply.statusCode} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
