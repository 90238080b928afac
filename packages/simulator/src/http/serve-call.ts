import type { ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { sendBadReply } from '../faults/bad-reply';
import type { ControlCall, FaultRule, FaultRules } from '../faults/fault-rules';
import { type Holds, runCall, type Outcome } from '../faults/run-call';
import { withOddRecords } from '../world/settings';
import type { World } from '../world/world';
import type { RawSockets } from './create-server';
import { vapiErrorBody, VapiError, VimFault } from './errors';
import { ForeignReply, type Call, type Operation, type Reply } from './operation';
import type { Serve } from './serve-operations';

/** Writes a reply as JSON, unless the caller is gone. */
function writeReply(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const entity = reply.body === undefined ? {} : { 'content-type': 'application/json' };
  const length = reply.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(reply.status, { ...reply.headers, ...entity, ...length }).end(text);
}

/** Runs an operation; its errors become replies. Anything else is a bug of the simulator and is thrown on. */
function answer(operation: Operation, call: Call): Reply {
  try {
    return operation.answer(call);
  } catch (error) {
    if (error instanceof VapiError) return vapiReply(operation, error);
    if (error instanceof VimFault) return { status: 500, body: error.body };
    if (error instanceof ForeignReply) return error.reply;
    throw error;
  }
}

/** The settings may want records told in another way than the official description says. */
function toldOddly(reply: Reply, { operation, params }: Call, { settings }: World): Reply {
  if (reply.status !== 200 || reply.body === undefined) return reply;
  const body = withOddRecords(reply.body, operation, Object.values(params), settings.oddRecords);
  return { ...reply, body };
}

/** Below `/sdk` no reply has an `error_type` body. */
function vapiReply({ errors }: Operation, error: VapiError): Reply {
  return errors === 'vim' ? { status: error.status } : { status: error.status, body: error.body };
}

export interface Site {
  readonly world: World;
  readonly rules: FaultRules;
  readonly holds: Holds;
  readonly counts: CallCounts;
  /** Makes a call of the control API from inside; resolves with its status. */
  readonly control: (call: ControlCall) => Promise<number>;
}

export interface Host {
  readonly url: () => string;
  /** By how much this host's clock is off; shown in its Date header. */
  readonly skewMs: () => number;
  readonly sockets: RawSockets;
}

/** The names under which a rule's `vm` may mean the VM of this call. */
function vmNames({ world }: Site, call: Call): string[] {
  const id = call.params['vm'];
  if (id === undefined) return [];
  const name = world.inventory.vms.get(id)?.name;
  return name === undefined ? [id] : [id, name];
}

/** Makes the world's changes of the rules that fire, and returns the rule that concerns the call itself. */
async function applyRules(site: Site, call: Call): Promise<FaultRule | undefined> {
  const fired = site.rules.fire(call, vmNames(site, call));
  for (const rule of fired) {
    if (rule.do) rule.doStatus = await site.control(rule.do);
  }
  return fired.find((rule) => rule.action !== undefined || rule.position !== 'before');
}

function send(operation: Operation, outcome: Outcome, reply: FastifyReply, site: Site, host: Host): void {
  if (outcome.kind === 'silence' || reply.raw.destroyed) return;
  reply.raw.setHeader('date', new Date(site.world.clock.now() + host.skewMs()).toUTCString());
  if (outcome.kind === 'reply') return writeReply(reply.raw, outcome.reply);
  const isVim = operation.errors === 'vim';
  sendBadReply(outcome.action, {
    response: reply.raw,
    scheduler: site.world.scheduler,
    reply: outcome.reply,
    url: `${host.url()}${reply.request.raw.url}`,
    reset: () => host.sockets.reset(reply.raw.socket),
    errorBody: (type, messageId) =>
      isVim
        ? { _typeName: type, faultstring: `Injected fault: ${type}.` }
        : vapiErrorBody(
            type,
            `Injected fault: ${type}.`,
            [],
            messageId === undefined ? undefined : `com.vmware.${messageId}`,
          ),
  });
}

/** Serves the calls of one host: counts them, applies the fault rules, has the effect and answers. */
export function createServe(site: Site, host: Host): Serve {
  const { world, holds, counts } = site;
  return async (operation, read, reply) => {
    const call: Call = { ...read, id: world.ids.call() };
    counts.count(call.operation);
    const rule = await applyRules(site, call);
    const outcome = await runCall(
      {
        perform: () => toldOddly(answer(operation, call), call, world),
        wait: (delayMs) => world.scheduler.wait(delayMs),
        later: (delayMs, act) => void world.scheduler.after(delayMs, act),
        hold: (position) => holds.hold(call, position),
      },
      rule,
    );
    send(operation, outcome, reply, site, host);
  };
}

/** How often each operation was called, and how many connections were open at once at most. */
export class CallCounts {
  private byOperation = new Map<string, number>();
  private readonly open = new Set<Socket>();
  private peak = 0;

  count(operation: string): void {
    this.byOperation.set(operation, (this.byOperation.get(operation) ?? 0) + 1);
  }

  /** Counts the connections of a server from now on. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      this.peak = Math.max(this.peak, this.open.size);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  reset(): void {
    this.byOperation = new Map();
    this.peak = this.open.size;
  }

  describe() {
    return {
      calls: Object.fromEntries(this.byOperation),
      openConnections: this.open.size,
      peakConnections: this.peak,
    };
  }
}
