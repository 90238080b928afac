import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  log,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { MEMO, SEARCH_ATTRIBUTES } from '../contract/names';
import type { Condition, Phase } from '../contract/progress';
import type { RunMetrics } from './run-metrics';
import { markdown } from './markdown';

const STATE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);

/** What a person sees of a run: current details (free), and on exceptions the memo and the search attribute. */
export class Status {
  private shownState: Condition | 'running' = 'running';
  private stopping = false;
  private last: readonly [Phase, string, (Condition | 'running')?] = ['prepare', 'starting'];

  constructor(private readonly metrics: RunMetrics) {}

  /** `what`: one line of Markdown, with what to do when it is stuck. */
  set(phase: Phase, what: string, state: Condition | 'running' = 'running'): void {
    this.last = [phase, what, state];
    this.metrics.entered(phase);
    setCurrentDetails(`**${phase}** · ${what} · since ${new Date().toISOString()}`);
    this.show(state);
  }

  /** From a stop until the run's end it shows as compensating, once there is a task to be waited for and undone. */
  stopRequested(): void {
    const [phase, , state = 'running'] = this.last;
    this.stopping = phase === 'start' || phase === 'wait' || phase === 'verify';
    this.show(state);
  }

  /** Shows the phase as blocked while the body runs; then as before. */
  async whileBlocked<T>(why: string, body: () => Promise<T>): Promise<T> {
    const before = this.last;
    log.error('operation blocked', { why });
    this.set(before[0], markdown`blocked, asked again: ${why}`, 'blocked');
    try {
      return await body();
    } finally {
      this.set(...before);
    }
  }

  /** An upsert is an action and an event: only a change is written, and a run without exceptions writes none. */
  private show(wanted: Condition | 'running'): void {
    const state = this.stopping && wanted === 'running' ? 'compensating' : wanted;
    if (state === this.shownState) return;
    this.shownState = state;
    if (state !== 'running') this.metrics.condition(state);
    upsertMemo({ [MEMO.state]: state });
    // An unregistered attribute would block the workflow task for ever, so the client says whether they are there.
    if (workflowInfo().memo?.[MEMO.searchAttributes] === true)
      upsertSearchAttributes([{ key: STATE, value: state }]);
  }
}
