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

/** vCenter and the snapshot appliance, and the outside view of what was really done to them. */
export interface Simulator {
  readonly address: SimulatorAddress;
  readonly program: Program;
  readonly ledger: () => Promise<readonly Effect[]>;
  /** How often an operation was called so far. */
  readonly calls: (operation: string) => Promise<number>;
  readonly set: (settings: { readonly cloneMs?: number }) => Promise<void>;
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
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const reply = await fetch(address.controlUrl + path, {
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
  return {
    address,
    program,
    ledger: async () => (await control('GET', '/ledger')) as Effect[],
    calls: async (operation) => {
      const { calls } = (await control('GET', '/calls')) as { calls: Record<string, number> };
      return calls[operation] ?? 0;
    },
    set: async (settings) => void (await control('PATCH', '/settings', settings)),
  };
}
