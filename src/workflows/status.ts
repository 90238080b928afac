import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  log,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { inlineCode } from '../contract/inline-code';
import { MEMO, SEARCH_ATTRIBUTES } from '../contract/names';
import { operationCommand, type CommandTarget } from '../contract/operation-command';
import { plainText } from '../contract/plain-text';
import type { Condition, Phase } from '../contract/progress';
import { currentDetails, type Moment, type Shown } from './current-details';
import type { RunMetrics } from './run-metrics';

const STATE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);

/** What a person sees of a run: current details (free), and on exceptions the memo and the search attribute. */
export class Status {
  private shownState: Condition | 'running' = 'running';
  private stopping = false;
  private stopNoticed = false;
  private last: Moment & { readonly phase: Phase } = {
    phase: 'prepare',
    state: 'running',
    since: new Date(),
  };
  private shown: Shown = { what: 'starting' };

  constructor(
    private readonly target: CommandTarget,
    private readonly metrics: RunMetrics,
  ) {}

  set(phase: Phase, shown: Shown, state: Condition | 'running' = 'running'): void {
    this.last = { phase, state, since: new Date() };
    this.shown = shown;
    // An undo that takes the steps of a start once more is an undo until its end.
    if (state === 'compensating') this.stopping = true;
    this.metrics.entered(phase);
    this.write();
    this.show(state);
  }

  /** What a person types about this run, as Markdown. */
  command(command: 'status' | 'cancel'): string {
    return inlineCode(operationCommand(command, this.target));
  }

  /** The same with options, to be shown as a choice. */
  resolve(option: string): string {
    return operationCommand('resolve', this.target, option);
  }

  /** From a stop until the run's end it shows as compensating, once there is a task to be waited for and undone. */
  stopRequested(): void {
    const { phase, state } = this.last;
    this.stopping ||= phase === 'start' || phase === 'wait' || phase === 'verify';
    this.stopNoticed = true;
    this.write();
    this.show(state);
  }

  /** Shows the phase as blocked while the body runs; then as before. */
  async whileBlocked<T>(step: string, why: string, body: () => Promise<T>): Promise<T> {
    const { last, shown } = this;
    log.error('operation blocked', { why: `${step}: ${why}` });
    const blocked: Shown = {
      ...shown,
      what: `cannot ${plainText(step)}: ${plainText(why)}`,
      next: 'it is asked again, at least every minute, and goes on by itself',
      stuck: `correct what the message says; nothing here has to be restarted. The last error is under Pending Activities`,
    };
    this.set(last.phase, blocked, 'blocked');
    try {
      return await body();
    } finally {
      [this.last, this.shown] = [last, shown];
      this.write();
      this.show(last.state);
    }
  }

  /** The last that is shown; a closed run tells it for as long as it is kept and a worker is there. */
  ended(shown: Shown): void {
    setCurrentDetails(currentDetails(shown, { phase: 'ended', state: 'running', since: new Date() }));
  }

  private write(): void {
    const stop = this.stopNoticed ? { stop: STOP_NOTICED } : {};
    setCurrentDetails(
      currentDetails(this.shown, { ...this.last, state: this.effective(this.last.state), ...stop }),
    );
  }

  private effective(wanted: Condition | 'running'): Condition | 'running' {
    return this.stopping && wanted === 'running' ? 'compensating' : wanted;
  }

  /** An upsert is an action and an event: only a change is written, and a run without exceptions writes none. */
  private show(wanted: Condition | 'running'): void {
    const state = this.effective(wanted);
    if (state === this.shownState) return;
    this.shownState = state;
    if (state !== 'running') this.metrics.condition(state);
    upsertMemo({ [MEMO.state]: state });
    // An unregistered attribute would block the workflow task for ever, so the client says whether they are there.
    if (workflowInfo().memo?.[MEMO.searchAttributes] === true)
      upsertSearchAttributes([{ key: STATE, value: state }]);
  }
}

const STOP_NOTICED =
  'a cancel or the deadline was noticed; it acts once it is known what the request did, and not before';
