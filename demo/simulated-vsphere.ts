import { startProgram, type Program, type ProgramOptions } from './start-program';

/** The simulator's first line of output. */
export interface SimulatorAddress {
  readonly vcenterUrl: string;
  readonly applianceUrl: string;
  readonly controlUrl: string;
  readonly username: string;
  readonly password: string;
  readonly limitedUsername: string;
  readonly limitedPassword: string;
}

/** One effect on vSphere, written when it really happened. */
export interface Effect {
  readonly seq: number;
  readonly kind: string;
  readonly vm: string;
  readonly name?: string;
  readonly task?: string;
  readonly resultVm?: string;
  readonly user: string;
}

interface Machine {
  readonly id: string;
  readonly name: string;
  readonly powerState: string;
  /** Grows with every write; a revert brings it back. */
  readonly contentGeneration: number;
}

interface Inventory {
  readonly vms: readonly Machine[];
  readonly snapshots: readonly {
    readonly vm: string;
    readonly name: string;
    readonly contentGeneration: number;
  }[];
}

/** vCenter and the snapshot appliance, and the outside view of what was really done to them. */
export interface Simulator {
  readonly address: SimulatorAddress;
  readonly program: Program;
  readonly ledger: () => Promise<readonly Effect[]>;
  /** How often an operation was called so far. */
  readonly calls: (operation: string) => Promise<number>;
  readonly set: (settings: { readonly cloneMs?: number; readonly revertMs?: number }) => Promise<void>;
  /** The next call of an operation has its effect, and its caller gets no answer. */
  readonly loseNextReply: (operation: string) => Promise<void>;
  /** How many replies were lost so far. */
  readonly lostReplies: () => Promise<number>;
  /** Ends a task as FAILED with the service's own words. */
  readonly failTask: (taskId: string, words: string) => Promise<void>;
  /** Somebody writes to a machine. */
  readonly writeTo: (vmId: string) => Promise<void>;
  /** Every machine as it is now. */
  readonly machines: () => Promise<readonly Machine[]>;
  /** `contentGeneration` of a machine's snapshot. */
  readonly contentOf: (vmId: string, snapshotName: string) => Promise<number | undefined>;
}

/** A loopback answer takes milliseconds. */
const CONTROL_DEADLINE_MS = 5_000;

export async function startSimulator(
  options: Pick<ProgramOptions, 'env' | 'signal' | 'onUnexpectedEnd'>,
): Promise<Simulator> {
  const program = await startProgram({
    ...options,
    name: 'simulator',
    isReady: (line) => line.startsWith('{'),
  });
  const address = JSON.parse(program.readyLine) as SimulatorAddress;
  const control = controlOf(address.controlUrl);
  const inventory = async (): Promise<Inventory> =>
    ((await control('GET', '/state')) as { inventory: Inventory }).inventory;
  return {
    address,
    program,
    ledger: async () => (await control('GET', '/ledger')) as Effect[],
    calls: async (operation) => {
      const { calls } = (await control('GET', '/calls')) as { calls: Record<string, number> };
      return calls[operation] ?? 0;
    },
    set: async (settings) => void (await control('PATCH', '/settings', settings)),
    loseNextReply: async (operation) =>
      void (await control('POST', '/faults', { operation, position: 'after', action: 'reset', count: 1 })),
    lostReplies: async () => {
      const rules = (await control('GET', '/faults')) as { fired: number }[];
      return rules.reduce((sum, { fired }) => sum + fired, 0);
    },
    failTask: async (taskId, words) =>
      void (await control('POST', `/tasks/${encodeURIComponent(taskId)}`, {
        status: 'FAILED',
        error: { error_type: 'UNABLE_TO_ALLOCATE_RESOURCE', messages: [message(words)] },
      })),
    writeTo: async (vmId) => void (await control('POST', `/vms/${vmId}`, { content: 1 })),
    machines: async () => (await inventory()).vms,
    contentOf: async (vmId, snapshotName) =>
      (await inventory()).snapshots.find(({ vm, name }) => vm === vmId && name === snapshotName)
        ?.contentGeneration,
  };
}

const message = (words: string) => ({ id: 'demo', default_message: words, args: [] });

const controlOf =
  (controlUrl: string) =>
  async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(controlUrl + path, {
      method,
      signal: AbortSignal.timeout(CONTROL_DEADLINE_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!reply.ok)
      throw new Error(`The simulator refused ${method} ${path} (${reply.status}): ${await reply.text()}`);
    return reply.json();
  };
