import type { OperationHandle } from '../../../src/client';
import { endOf, type End, type FaultEnvironment } from './fault-environment';

/** What a server answers, and what it means before the start, for the start itself, and after a possible effect. */
export interface Row {
  readonly action: unknown;
  readonly beforeStart: 'retry' | Final;
  readonly start: 'refused' | 'unknown' | Final;
}

/** The failure type that it ends with. */
type Final = 'Rejected' | 'Unauthenticated' | 'PrivilegeMissing' | 'ObjectNotFound';

export const type = (status: number, errorType: string) => ({ status, errorType });
const final = (failure: Final, action: unknown): Row => ({ action, beforeStart: failure, start: failure });
const refused = (action: unknown): Row => ({ action, beforeStart: 'retry', start: 'refused' });
const unknown = (action: unknown): Row => ({ action, beforeStart: 'retry', start: 'unknown' });

export const ROWS: Readonly<Record<string, Row>> = {
  INVALID_ARGUMENT: final('Rejected', type(400, 'INVALID_ARGUMENT')),
  UNSUPPORTED: final('Rejected', type(400, 'UNSUPPORTED')),
  UNEXPECTED_INPUT: final('Rejected', type(400, 'UNEXPECTED_INPUT')),
  UNAUTHORIZED: final('PrivilegeMissing', type(403, 'UNAUTHORIZED')),
  'a path that the server does not have': final('Rejected', {
    ...type(404, 'NOT_FOUND'),
    messageId: 'vapi.rest.httpNotFound',
  }),
  'a list over the limit of the server': {
    action: { ...type(500, 'UNABLE_TO_ALLOCATE_RESOURCE'), messageId: 'vcenter.vm.too_many_matches' },
    beforeStart: 'Rejected',
    start: 'refused',
  },
  NOT_FOUND: final('ObjectNotFound', type(404, 'NOT_FOUND')),
  'NOT_ALLOWED_IN_CURRENT_STATE for lack of capacity': {
    action: type(400, 'NOT_ALLOWED_IN_CURRENT_STATE'),
    beforeStart: 'Rejected',
    start: 'refused',
  },
  RESOURCE_BUSY: refused(type(400, 'RESOURCE_BUSY')),
  RESOURCE_IN_USE: refused(type(400, 'RESOURCE_IN_USE')),
  UNABLE_TO_ALLOCATE_RESOURCE: refused(type(400, 'UNABLE_TO_ALLOCATE_RESOURCE')),
  SERVICE_UNAVAILABLE: unknown(type(503, 'SERVICE_UNAVAILABLE')),
  'a 429 with an unlisted type': unknown(type(429, 'TOO_MANY')),
  TIMED_OUT: unknown(type(504, 'TIMED_OUT')),
  RESOURCE_INACCESSIBLE: unknown(type(500, 'RESOURCE_INACCESSIBLE')),
  CONCURRENT_CHANGE: unknown(type(409, 'CONCURRENT_CHANGE')),
  ERROR: unknown(type(500, 'ERROR')),
  INTERNAL_SERVER_ERROR: unknown(type(500, 'INTERNAL_SERVER_ERROR')),
  'an unlisted type': unknown(type(400, 'BRAND_NEW')),
  'a bare 503': unknown({ status: 503 }),
  'a bare 429': unknown({ status: 429 }),
  'a bare 404': unknown({ status: 404 }),
  'a bare 403': unknown({ status: 403, body: 'empty' }),
  'a 403 page of a gateway': unknown({ status: 403, body: 'html' }),
  'a 401 page of a gateway': unknown({ status: 401, body: 'html' }),
  'a legacy body': unknown({ status: 401, body: 'legacy' }),
  'a compressed reply': unknown('gzip'),
  'an HTML page': unknown('html'),
  'a reset': unknown('reset'),
  'a truncated reply': unknown('truncate'),
  'a redirect': unknown('redirect'),
  'a reply that does not parse': unknown({ status: 200 }),
};

export const TITLES = Object.keys(ROWS);

/** What was seen of one row's run. */
interface Seen {
  readonly end: End;
  readonly effects: readonly string[];
  /** Looks for the effect after an unknown. */
  readonly looks: number;
}

export const OPERATIONS = ['clone', 'revert'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Machines that can be cloned (their cluster has DRS) and reverted; faults are told apart by them. */
const MACHINES = [...Array(6).keys()]
  .map((index) => `web-0${index + 1}`)
  .concat([...Array(4).keys()].map((index) => `app-0${index + 1}`));

/** Runs of one operation, one for each row, each with one faulty call. */
export class Table {
  private readonly runs = new Map<string, Promise<Seen>>();
  private number = 0;

  constructor(
    readonly env: FaultEnvironment,
    private readonly operation: Operation,
    private readonly table: Readonly<Record<string, Row>> = ROWS,
  ) {}

  /** One run after another on each machine, all machines at once: a row waits for nobody but its machine. */
  begin(rows: readonly string[], fault: (row: Row, vm: string) => Record<string, unknown>): void {
    const past = this.givePast();
    const queues = new Map<string, Promise<unknown>>();
    rows.forEach((title, index) => {
      const vm = MACHINES[index % MACHINES.length] ?? '';
      const before = queues.get(vm) ?? past;
      const run = before.then(() => this.run(vm, fault(this.table[title] ?? unknown('reset'), vm)));
      this.runs.set(title, run);
      queues.set(
        vm,
        run.catch(() => undefined),
      );
    });
  }

  /** A service that has never shown a task cannot prove by an empty list that there is none. */
  private async givePast(): Promise<void> {
    expect(await endOf(await this.env.clone('of-the-past'))).toHaveProperty('result');
  }

  seen(title: string): Promise<Seen> {
    const run = this.runs.get(title);
    if (run === undefined) throw new Error(`no run of ${title}`);
    return run;
  }

  private async run(vm: string, rule: Record<string, unknown>): Promise<Seen> {
    const vmId = `vm-${1001 + MACHINES.indexOf(vm)}`;
    const name = `row-${++this.number}`;
    const before = (await this.env.revertEffects(vmId)).length;
    await this.env.fault({ operation: '*', count: 1, ...rule });
    const handle: OperationHandle =
      this.operation === 'clone' ? await this.env.clone(name, { vm }) : await this.env.revert(vm, {}, name);
    const end = await endOf(handle);
    const events = await this.env.events(handle.workflowId);
    const looks = events.filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'lookForEffect',
    );
    return {
      end,
      effects:
        this.operation === 'clone'
          ? await this.env.cloneEffects(name)
          : (await this.env.revertEffects(vmId)).slice(before).filter((kind) => kind === 'revert'),
      // A revert's first look comes before its start.
      looks: looks.length - (this.operation === 'clone' || looks.length === 0 ? 0 : 1),
    };
  }
}

/** A table has a hundred runs: short, and still a quarantine. */
export const QUICK = { quarantineMs: 500, startToCloseMs: 3_000 };
