import { gzipSync } from 'node:zlib';
import { type RunningSimulator, startSimulator } from '../../packages/simulator/src/start-simulator';
import type { SimulatorOptions } from '../../packages/simulator/src/simulator-options';
import type { LedgerEntry } from '../../packages/simulator/src/world/ledger';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { DrivenClock } from './driven-clock';
import { bearerAssertion, requestAssertion } from './request-assertion';

export interface Answer {
  readonly status: number;
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- replies are asserted on, field by field
  readonly headers: Headers;
}

interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly session?: string;
  readonly headers?: Record<string, string>;
}

async function ask(url: string, { method = 'GET', body, session, headers }: Ask): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      ...omitUndefined({ 'vmware-api-session-id': session }),
      ...headers,
    },
    ...omitUndefined({ body: body === undefined ? undefined : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

export function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

export const WEB_01 = { cluster: 'domain-c8', vm: 'vm-1001' };
export const VM_SERVICE = 'com.vmware.snapservice.clusters.virtual_machines';

/**
 * A simulator under a driven clock, with the administrator logged in on both hosts: by sessions, and on an appliance
 * before 9.0 by an assertion, which `session` then is.
 */
export class SimulatedSite {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly clock: DrivenClock,
    private session: string,
    private vcenterSession: string,
    private readonly signs: boolean,
  ) {}

  static async start(options: SimulatorOptions = {}): Promise<SimulatedSite> {
    const clock = new DrivenClock();
    const signs = options.release?.startsWith('8.') === true;
    const site = new SimulatedSite(await startSimulator({ clock, ...options }), clock, '', '', signs);
    await site.logIn();
    return site;
  }

  async logIn(user = this.simulator.username, password = this.simulator.password): Promise<void> {
    const headers = basic(user, password);
    const { applianceUrl, vcenterUrl } = this.simulator;
    const login = { method: 'POST', headers };
    this.session = this.signs
      ? await this.assertion(user, password)
      : (await ask(`${applianceUrl}/api/snapservice/sessions`, login)).body;
    this.vcenterSession = (await ask(`${vcenterUrl}/api/session`, login)).body;
  }

  private async assertion(username: string, password: string): Promise<string> {
    const nowMs = this.clock.now();
    const { xml } = await requestAssertion({ ...this.simulator, username }, { password, nowMs });
    return bearerAssertion(xml);
  }

  /** Ends the simulator and frees its ports. */
  stop(): Promise<void> {
    return this.simulator.stop();
  }

  appliance(path: string, { session = this.session, ...options }: Ask = {}): Promise<Answer> {
    const url = `${this.simulator.applianceUrl}/api/snapservice${path}`;
    if (!this.signs) return ask(url, { ...options, session });
    const authorization = `SIGN token="${gzipSync(session).toString('base64')}"`;
    return ask(url, { ...options, headers: { authorization, ...options.headers } });
  }

  vcenter(path: string, options: Ask = {}): Promise<Answer> {
    return ask(`${this.simulator.vcenterUrl}${path}`, { session: this.vcenterSession, ...options });
  }

  control(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(`${this.simulator.controlUrl}${path}`, { method, ...omitUndefined({ body }) });
  }

  start(action: 'linked-clone' | 'revert' | 'restore', spec: unknown, at = WEB_01): Promise<Answer> {
    const path = `/clusters/${at.cluster}/virtual-machines/${at.vm}?action=${action}&vmw-task=true`;
    return this.appliance(path, { method: 'POST', body: spec });
  }

  async snapshot(name: string, at = WEB_01): Promise<string> {
    const path = `/clusters/${at.cluster}/virtual-machines/${at.vm}/snapshots?names=${name}`;
    return (await this.appliance(path)).body.items[0].snapshot;
  }

  async clone(name: string): Promise<string> {
    const answer = await this.start('linked-clone', { snapshot: await this.snapshot('nightly-0412'), name });
    expect(answer.status).toBe(202);
    return answer.body;
  }

  async task(id: string): Promise<Answer['body']> {
    return (await this.appliance(`/tasks/${encodeURIComponent(id)}`)).body;
  }

  async ledger(kind?: string): Promise<LedgerEntry[]> {
    const entries: LedgerEntry[] = (await this.control('GET', '/ledger')).body;
    return entries.filter((entry) => kind === undefined || entry.kind === kind);
  }

  async vmNamed(name: string): Promise<Answer['body'][]> {
    return (await this.vcenter(`/api/vcenter/vm?names=${encodeURIComponent(name)}`)).body;
  }

  async generation(vm: string): Promise<number> {
    const { body } = await this.control('GET', '/state');
    return body.inventory.vms.find(({ id }: { id: string }) => id === vm).contentGeneration;
  }
}
