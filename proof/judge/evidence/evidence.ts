import type { z } from 'zod';
import type {
  Caller,
  Fired,
  JournalEntry,
  Sample,
  listed,
  processes,
  replay,
  secrets,
} from './harness-records';
import type { Plan } from './plan';
import type { Effect, State, calls, faultRule } from './simulator-records';
import type { History, Run } from './temporal-records';

/** A file of the folder as it is, for the search for secrets. */
export interface Sink {
  /** Relative to the folder. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** Everything that is known about a round; all of it was seen from outside the product. */
export interface Evidence {
  readonly plan: Plan;
  readonly fired: readonly Fired[];
  /** In order of time. */
  readonly journal: readonly JournalEntry[];
  readonly callers: readonly Caller[];
  readonly before: State;
  readonly after: State;
  /** In order of `seq`. */
  readonly ledger: readonly Effect[];
  readonly calls: z.infer<typeof calls>;
  readonly faults: readonly z.infer<typeof faultRule>[];
  /** In order of their start. */
  readonly runs: readonly Run[];
  /** By run id. */
  readonly histories: ReadonlyMap<string, History>;
  /** In order of time. */
  readonly progress: readonly Sample[];
  readonly list: readonly z.infer<typeof listed>[];
  /** By run id. */
  readonly replay: ReadonlyMap<string, z.infer<typeof replay>[string]>;
  readonly processes: z.infer<typeof processes>;
  readonly secrets: z.infer<typeof secrets>;
  readonly sinks: readonly Sink[];
}
