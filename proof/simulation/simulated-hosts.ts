import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { applianceOperations } from '../../packages/simulator/src/appliance/appliance-operations';
import { FaultRules } from '../../packages/simulator/src/faults/fault-rules';
import { Holds } from '../../packages/simulator/src/faults/run-call';
import { CallCounts, createServe, type Site } from '../../packages/simulator/src/http/serve-call';
import type { Operation } from '../../packages/simulator/src/http/operation';
import { RawSockets } from '../../packages/simulator/src/http/create-server';
import { serveOperations } from '../../packages/simulator/src/http/serve-operations';
import { vcenterOperations } from '../../packages/simulator/src/vcenter/vcenter-operations';
import { vijsonOperations } from '../../packages/simulator/src/vijson/vijson-operations';
import { createWorldFromOptions } from '../../packages/simulator/src/world-from-options';
import type { World } from '../../packages/simulator/src/world/world';
import type { Settings } from '../../packages/simulator/src/world/settings';
import { SMALL_SITE } from './small-site';
import type { Owner, VirtualTime } from './virtual-time';

export type HostName = 'vcenter' | 'appliance';

export interface HostCall {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HostReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The real simulator behind calls instead of sockets: its operations, its world, its ledger. */
export interface SimulatedHosts {
  readonly world: World;
  readonly password: string;
  /** Name of the operation that a call is for, as the simulator names it; undefined when there is none. */
  readonly nameOf: (host: HostName, call: HostCall) => string;
  /** Has the effect, then answers. */
  readonly serve: (host: HostName, call: HostCall, answer: (reply: HostReply) => void) => Promise<void>;
}

/** Secrets never come into a trace, so a fixed one repeats best. */
const PASSWORD = 'Sim-only-for-the-proof';

/** How tasks spell the account: each is the same account, so nothing else may come of it. */
const SPELLINGS: readonly Settings['taskUser'][] = ['login', 'upper', 'downLevel'];

export function simulatedHosts(time: VirtualTime, settings: Partial<Settings>, seed: number): SimulatedHosts {
  const owner: Owner = { name: 'vsphere', alive: true, resumesAtMs: 0 };
  const clock = {
    now: () => time.nowMs,
    after: (delayMs: number, act: () => void) =>
      time.after(delayMs, 'the appliance goes on', act, owner).cancel,
  };
  const world = createWorldFromOptions({
    ...settings,
    seed,
    clock,
    password: PASSWORD,
    inventory: SMALL_SITE,
  });
  world.settings.taskUser = SPELLINGS[seed % SPELLINGS.length] ?? 'login';
  const site: Site = {
    world,
    rules: new FaultRules(world.ids, seed),
    holds: new Holds(world.ids, clock),
    counts: new CallCounts(),
    control: () => Promise.reject(new Error('the simulation changes the world itself')),
  };
  const routers: Record<HostName, Router> = {
    vcenter: new Router(site, [...vcenterOperations(world), ...vijsonOperations(world)]),
    appliance: new Router(site, applianceOperations(world)),
  };
  return {
    world,
    password: PASSWORD,
    nameOf: (host, call) => routers[host].nameOf(call),
    serve: (host, call, answer) => routers[host].serve(call, answer),
  };
}

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** What the simulator mounts on its HTTP server, called directly. */
class Router {
  private readonly routes: Route[] = [];

  constructor(
    site: Site,
    private readonly operations: readonly Operation[],
  ) {
    const route = ({ method, url, handler }: RouteOptions) => {
      const called = handler as unknown as Route['handler'];
      this.routes.push({ method: String(method), segments: url.split('/'), handler: called });
    };
    const host = {
      url: () => 'http://127.0.0.1',
      skewMs: () => site.world.settings.clockSkewMs,
      sockets: new RawSockets(),
    };
    serveOperations({ route } as unknown as FastifyInstance, operations, createServe(site, host));
  }

  nameOf({ method, url }: HostCall): string {
    const [path = '', search = ''] = url.split('?');
    const query = new URLSearchParams(search);
    const fits = (operation: Operation) =>
      operation.method === method &&
      paramsOf(operation.path.split('/'), path.split('/')) !== undefined &&
      Object.entries(operation.query ?? {}).every(([name, value]) => query.getAll(name).includes(value));
    const found = this.operations.filter(fits);
    const size = (operation: Operation) => Object.keys(operation.query ?? {}).length;
    return found.toSorted((left, right) => size(right) - size(left))[0]?.name ?? 'unknown';
  }

  async serve(call: HostCall, answer: (reply: HostReply) => void): Promise<void> {
    const path = (call.url.split('?')[0] ?? '').split('/');
    for (const { method, segments, handler } of this.routes) {
      const params = method === call.method ? paramsOf(segments, path) : undefined;
      if (params === undefined) continue;
      const raw = { url: call.url, method };
      const request = { raw, headers: call.headers, params, body: call.body };
      await handler(request as unknown as FastifyRequest, answering(raw, answer));
      return;
    }
    answer({ status: 404, headers: {}, text: '' });
  }
}

function paramsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const given = path[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(given);
    else if (segment !== given) return undefined;
  }
  return params;
}

/** A reply that is collected instead of written. */
function answering(raw: { readonly url: string }, answer: (reply: HostReply) => void): FastifyReply {
  const headers: Record<string, string> = {};
  let status = 200;
  const response = {
    destroyed: false,
    headersSent: false,
    socket: null,
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    writeHead(code: number, more: Record<string, unknown> = {}) {
      status = code;
      for (const [name, value] of Object.entries(more)) headers[name.toLowerCase()] = String(value);
      return response;
    },
    end: (text = '') => answer({ status, headers, text }),
  };
  const reply = {
    raw: response,
    request: { raw },
    hijack: () => reply,
    code(code: number) {
      status = code;
      return reply;
    },
    send: (body: unknown) => answer({ status, headers, text: JSON.stringify(body) }),
  };
  return reply as unknown as FastifyReply;
}
