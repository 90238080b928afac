import type { CloneHandle, Snapflow } from '../src/client';
import type { Narrator } from './narrator';
import type { Simulator } from './simulated-vsphere';
import type { Workers } from './workers';

/** A request that the demo made, for the table at the end. */
export interface Told {
  readonly requestId: string;
  /** The requested name of the clone, or the machine that was reverted: no other request of the demo touches it. */
  readonly about: { readonly name: string } | { readonly vmId: string };
  readonly outcome: string;
  /** The kinds of the effects that it must have had, in their order. */
  readonly effects: readonly string[];
  /** The machine that it made. */
  readonly vmId?: string;
}

/** Everything a chapter needs. */
export interface Stage {
  readonly narrator: Narrator;
  readonly snapflow: Snapflow;
  readonly simulator: Simulator;
  readonly workers: Workers;
  /** Request ids and names of this demo, different ones each time on a server that is kept. */
  readonly named: (name: string) => string;
  /** Prints where the run is in Temporal's UI. */
  readonly showRun: (run: Pick<CloneHandle, 'workflowId' | 'runId'>) => void;
  /** Aborted when the demo is interrupted, takes too long, or one of its programs ends by itself. */
  readonly signal: AbortSignal;
  /** Every request of the chapters so far. */
  readonly told: Told[];
}

/** One file each; the story is the list in `story.ts`. */
export interface Chapter {
  readonly title: string;
  readonly tell: (stage: Stage) => Promise<void>;
}
