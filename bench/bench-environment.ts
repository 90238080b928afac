import { omitUndefined } from '../src/contract/omit-undefined';
import type { OperationSettings } from '../src/contract/operations';
import type { TemporalAddress } from '../test/environment/caller';
import { openEnvironment } from '../test/environment/open-environment';
import { Opened } from '../test/environment/opened';
import type { ProcessEnvironment } from '../test/environment/processes';
import { cpuMs, type CpuMs } from './cpu';

/** Longer than a worker's own drain. */
const STOP_MS = 25_000;
/** Of hundreds of names the first ones tell enough. */
const NAMED = 10;

/** A build of the product: of this checkout, or of another one that is measured beside it. */
export interface Build {
  readonly called: string;
  /** Of the other checkout; it must be built. */
  readonly folder?: string;
}

interface RowOptions {
  readonly name: string;
  /** Of `snapflow simulator`. */
  readonly flags?: Readonly<Record<string, number>>;
  readonly operation?: Partial<OperationSettings>;
  readonly limits?: Readonly<Record<string, number>>;
  /** Whose worker and caller; the simulator is always that of this checkout. */
  readonly build?: Build;
}

/** The server that rows share, what a row opens on it, and what it waits for. */
export class BenchEnvironment {
  readonly #opened = new Opened();
  readonly #environments: ProcessEnvironment[] = [];
  readonly #awaited = new Map<object, string>();

  constructor(
    readonly temporal: TemporalAddress,
    /** What a report calls the server. */
    readonly server: string,
    /** That of this checkout first. */
    readonly builds: readonly Build[] = [{ called: 'snapflow' }],
  ) {}

  /** A simulator in a process of its own, so that its work is not taken for ours; no worker yet. */
  async open({ name, flags = {}, operation = {}, limits = {}, build }: RowOptions) {
    const simulator = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
    const { temporal } = this;
    const options = { name, temporal, simulator, operation, limits, workers: 0, drainMs: STOP_MS } as const;
    const opening = openEnvironment({
      as: 'processes',
      ...options,
      ...omitUndefined({ build: build?.folder }),
    });
    const opened = await this.#opened.keep(opening, (each) => each.close());
    this.#environments.push(opened);
    return opened;
  }

  /** Waits for what a row needs, under a name that is said where the row does not end. */
  async until<T>(what: string, happens: Promise<T>): Promise<T> {
    const key = {};
    this.#awaited.set(key, what);
    try {
      return await happens;
    } finally {
      this.#awaited.delete(key);
    }
  }

  /** What has not ended, in words. */
  awaited(): string {
    const names = [...this.#awaited.values()];
    if (names.length === 0) return 'nothing that has a name';
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return `${names.slice(0, NAMED).join(', ')}${more}`;
  }

  /** CPU time of everything so far. */
  cpuMs(): CpuMs {
    return cpuMs(this.#environments.flatMap(({ programs }) => programs));
  }

  /** Ends, newest first, all that a row opened. */
  close(): Promise<void> {
    return this.#opened.close();
  }
}
