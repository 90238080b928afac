import { omitUndefined } from '../../src/contract/omit-undefined';
export interface Effect {
  readonly kind: 'clone' | 'revert' | 'restore' | 'delete' | 'power' | 'snapshot';
  readonly vm: string;
  readonly name?: string;
  readonly task?: string;
  readonly resultVm?: string;
  readonly snapshot?: string;
}

export interface SimulatedTask {
  readonly task: string;
  readonly status: string;
  /** Source, or the machine that is reverted. */
  readonly vm: string;
}

/** A fault rule of the simulator, see its README. */
export type SimulatorRule = Readonly<Record<string, unknown>> & { readonly operation: string };

interface Held {
  readonly hold: string;
  readonly operation: string;
  readonly position: string;
}

/** The simulator's control calls; each that fails is an error of the harness. */
export class SimulatorControl {
  constructor(private readonly url: string) {}

  ledger = () => this.call<readonly Effect[]>('GET', '/ledger');
  /** Tasks on the machine of the round, oldest first. */
  ourTasks = async () => (await this.state()).tasks.filter(({ vm }) => vm === 'vm-1001');
  state = () => this.call<{ readonly tasks: readonly SimulatedTask[] }>('GET', '/state');
  calls = () =>
    this.call<{ readonly calls: Readonly<Record<string, number>>; readonly openSessions: number }>(
      'GET',
      '/calls',
    );
  faults = () => this.call<readonly Record<string, unknown>[]>('GET', '/faults');
  /** @returns asks whether the rule has fired since */
  async plant(rule: SimulatorRule): Promise<() => Promise<boolean>> {
    const { rule: id } = await this.call<{ readonly rule: string }>('POST', '/faults', rule);
    return async () => (await this.faults()).some((each) => each['rule'] === id && Number(each['fired']) > 0);
  }

  holds = () => this.call<readonly Held[]>('GET', '/holds');
  release = (hold: string, action?: unknown) =>
    this.call('POST', `/holds/${hold}/release`, omitUndefined({ action }));
  set = (settings: Record<string, unknown>) => this.call('PATCH', '/settings', settings);

  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
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
