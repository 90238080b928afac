import type { OperationSettings } from '../src/contract/operations';
import type { TemporalAddress } from '../test/environment/caller';
import { openEnvironment } from '../test/environment/open-environment';
import { Opened } from '../test/environment/opened';
import type { ProcessEnvironment } from '../test/environment/processes';

/** Longer than a worker's own drain. */
const STOP_MS = 25_000;

interface RowOptions {
  readonly name: string;
  /** Of `snapflow simulator`. */
  readonly flags?: Readonly<Record<string, number>>;
  readonly operation?: Partial<OperationSettings>;
  readonly limits?: Readonly<Record<string, number>>;
}

/** The server that rows share, and what a row opens on it. */
export class BenchEnvironment {
  readonly #opened = new Opened();

  constructor(
    readonly temporal: TemporalAddress,
    /** What a report calls the server. */
    readonly server: string,
  ) {}

  /** A simulator in a process of its own, so that its work is not taken for ours; no worker yet. */
  open({ name, flags = {}, operation = {}, limits = {} }: RowOptions): Promise<ProcessEnvironment> {
    const simulator = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
    const { temporal } = this;
    const options = { name, temporal, simulator, operation, limits, workers: 0, drainMs: STOP_MS } as const;
    return this.#opened.keep(openEnvironment({ as: 'processes', ...options }), (each) => each.close());
  }

  /** Ends, newest first, all that a row opened. */
  close(): Promise<void> {
    return this.#opened.close();
  }
}
