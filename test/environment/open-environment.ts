import type { Client } from '@temporalio/client';
import type { Snapflow } from '../../src/client';
import type { Control } from './control';
import { openProcesses, type ProcessEnvironment, type ProcessOptions } from './processes';
import type * as Threads from './threads';
import type { ThreadEnvironment, ThreadOptions } from './threads';

/** What a caller meets, on loopback: a Temporal server, a simulated vSphere, workers between them. */
export interface Environment {
  readonly snapflow: Snapflow;
  /** Temporal beside the product. */
  readonly temporal: Client;
  /** The simulator's. */
  readonly control: Control;
  /** Unlike that of every other environment, as servers are shared. */
  readonly taskQueue: string;
  /** Name of the workers' connection, which locks and workflow ids carry; as unlike. */
  readonly connection: string;
  /** Ends all of it, also where a part fails to end; may be called twice. */
  readonly close: () => Promise<void>;
}

type AsThreads = { readonly as: 'threads' } & ThreadOptions;
type AsProcesses = { readonly as: 'processes' } & ProcessOptions;

/**
 * Opens one: with simulator and workers in this process, whose histories are replayed at the end, or with each of them as
 * a process of the built program, which a case may kill. What was opened is closed again where a part cannot be opened.
 */
export function openEnvironment(options: AsThreads): Promise<ThreadEnvironment>;
export function openEnvironment(options: AsProcesses): Promise<ProcessEnvironment>;
export function openEnvironment(options: AsThreads | AsProcesses): Promise<Environment> {
  if (options.as === 'processes') return openProcesses(options);
  // Where there are processes only, the worker's code is not loaded here.
  return (require('./threads') as typeof Threads).openThreads(options);
}
