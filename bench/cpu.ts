import { readdirSync, readFileSync } from 'node:fs';

/** CPU time by who had it, in ms. */
export type CpuMs = Readonly<Record<(typeof CPU_PARTS)[number], number>>;

export const CPU_PARTS = ['Temporal', 'worker', 'caller', 'simulator'] as const;

/** Linux counts CPU time in hundredths of a second for every program, whatever its kernel's clock is. */
const TICK_MS = 10;

/** What is known of each program that a row has started. */
interface Started {
  readonly role: string;
  readonly pid: number;
}

/**
 * The caller is this process. What else it has started beside the programs is the Temporal server and, where there is one,
 * its database. One that another has started is not seen.
 */
export function cpuMs(programs: readonly Started[]): CpuMs {
  const all = processes();
  const isOurs = (pid: number | undefined): boolean =>
    pid === process.pid || (pid !== undefined && isOurs(all.get(pid)?.parent));
  const msOf = (pid: number) => all.get(pid)?.cpuMs ?? 0;
  const sum = (pids: readonly number[]) => pids.reduce((ms, pid) => ms + msOf(pid), 0);
  const of = (role: RegExp) => programs.filter((each) => role.test(each.role)).map(({ pid }) => pid);
  const known = new Set([process.pid, ...programs.map(({ pid }) => pid)]);
  return {
    Temporal: sum([...all.keys()].filter((pid) => isOurs(pid) && !known.has(pid))),
    worker: sum(of(/^worker/)),
    caller: ownMs(),
    simulator: sum(of(/^simulator/)),
  };
}

export const cpuBetween = (before: CpuMs, after: CpuMs, runs: number): CpuMs =>
  Object.fromEntries(
    CPU_PARTS.map((part) => [part, (after[part] - before[part]) / runs]),
  ) as unknown as CpuMs;

export const cpuOfAll = (cpu: CpuMs): number => CPU_PARTS.reduce((sum, part) => sum + cpu[part], 0);

/** Without its children. */
function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Every process with its parent, and its own time with that of the children that have ended. */
function processes(): ReadonlyMap<number, { readonly parent: number; readonly cpuMs: number }> {
  return new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const fields = statOf(name);
        if (fields === undefined) return [];
        const [parent = 0, ...rest] = fields;
        // The 14th to 17th of proc(5), of which the parent is the 4th.
        const cpu = rest.slice(9, 13).reduce((sum, ticks) => sum + ticks, 0);
        return [[Number(name), { parent, cpuMs: cpu * TICK_MS }] as const];
      }),
  );
}

/** From the 4th field on; a program's name may hold anything and ends with the last bracket. */
function statOf(pid: string): readonly number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 4)
      .split(' ')
      .map(Number);
  } catch {
    return undefined;
  }
}
