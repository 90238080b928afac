import { readFileSync, writeFileSync } from 'node:fs';
import { openConnection, VsphereError, type VsphereConnection } from '../../src/vsphere';

/** What is to be tried; a process of its own, so that its memory is the client's alone. */
export interface Attack {
  readonly url: string;
  readonly call: keyof typeof CALLS;
  readonly callDeadlineMs: number;
  readonly maxReplyBytes?: number;
  /** Of the task or machine that is asked for. */
  readonly id?: string;
}

export interface Outcome {
  readonly value?: unknown;
  /** Of a VsphereError; absent on any other error. */
  readonly kind?: string;
  readonly effect?: string;
  readonly name?: string;
  readonly message?: string;
  readonly texts?: readonly string[];
  readonly tookMs: number;
  readonly grownKiB: number;
}

const PASSWORD = 'correct-horse-battery';

/** One of each kind: a read with a tagged reply, lists of either host, a change, the login alone. */
const CALLS = {
  task: ({ appliance }: VsphereConnection, id = 'task-1') => appliance.getTask(id),
  tasks: ({ appliance }: VsphereConnection) => appliance.listTasks({ tasks: ['task-1'] }),
  snapshots: ({ appliance }: VsphereConnection, id = 'vm-1') => appliance.listSnapshots('domain-c1', id),
  vms: ({ vcenter }: VsphereConnection) => vcenter.listVms({ names: ['web-01'] }),
  start: ({ appliance }: VsphereConnection, id = 'vm-1') =>
    appliance.startRevert('domain-c1', id, { snapshot: 'snap-1' }),
} as const;

const memoryKiB = (field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

async function attack({ url, call, id, ...limits }: Attack): Promise<Outcome> {
  const settings = { name: 'lab', vcenterUrl: url, applianceUrl: url, username: 'w', password: PASSWORD };
  const connection = openConnection({ ...settings, ...limits });
  globalThis.gc?.();
  // Resets the peak that VmHWM tells.
  writeFileSync('/proc/self/clear_refs', '5');
  const beforeKiB = memoryKiB('VmRSS');
  const since = performance.now();
  const ended = await CALLS[call](connection, id).then(
    (value: unknown) => ({ value: shortened(value) }),
    describeError,
  );
  const tookMs = performance.now() - since;
  const grownKiB = memoryKiB('VmHWM') - beforeKiB;
  await connection.close();
  return { ...ended, tookMs, grownKiB };
}

const describeError = (error: unknown) =>
  error instanceof VsphereError
    ? {
        kind: error.kind,
        effect: error.effect,
        message: error.message,
        texts: [error.serverText ?? '', error.errorType ?? '', error.remedy],
      }
    : { name: (error as Error).name, message: String(error) };

/** Enough to look at; a whole list would only slow the pipe down. */
const shortened = (value: unknown): unknown => (Array.isArray(value) ? value.slice(0, 3) : value);

process.on('message', (message: Attack) => {
  void attack(message).then((outcome) => process.send?.(outcome));
});
// Questions alone keep this process.
process.channel?.ref();
