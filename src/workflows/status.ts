import {
  defineSearchAttributeKey,
  SearchAttributeType,
  ApplicationFailure,
  TemporalFailure,
} from '@temporalio/common';
import {
  log,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
  isCancellation,
  metricMeter,
} from '@temporalio/workflow';
import { isFailureType } from '../contract/failures';
import { DEFAULT_CONNECTION, MEMO, SEARCH_ATTRIBUTES, type Operation } from '../contract/operations';
import { METRICS, type Condition, type Phase } from '../contract/progress';
import { markdownCode, operationCommand, escapeMarkdown, type CommandTarget } from '../contract/text';

/** What a person reads about a moment of a run. All but `taskId` is Markdown of one line. */
export interface Shown {
  /** What is going on, as a sentence. */
  readonly what: string;
  readonly taskId?: string;
  /** Further facts, each with its label. */
  readonly facts?: readonly (readonly [label: string, fact: string])[];
  /** What follows by itself. */
  readonly next?: string;
  /** Where to look, and what to type, when it takes too long. */
  readonly stuck?: string;
  /** Commands to choose from, each with its meaning. */
  readonly choices?: readonly (readonly [command: string, meaning: string])[];
}

export interface Moment {
  /** `ended` once the run's outcome is known. */
  readonly phase: Phase | 'ended';
  readonly state: Condition | 'running';
  readonly since: Date;
  /** What became of a cancel or deadline that has not acted yet. */
  readonly stop?: string;
}

/**
 * Markdown for "Current Details" of Temporal's UI. Bullets and bold only: tables are shown as text before UI 2.53.
 */
function currentDetails({ what, taskId, facts, next, stuck, choices }: Shown, moment: Moment): string {
  const { phase, state, since, stop } = moment;
  const condition = state === 'running' ? '' : ` · **${state.toUpperCase()}**`;
  return [
    `**Phase: ${phase}**${condition} · ${what}`,
    '',
    ...bullet('Type one of', choices && ''),
    ...(choices ?? []).map(choice),
    ...bullet('Task', taskId && markdownCode(taskId)),
    ...(facts ?? []).flatMap(([label, fact]) => bullet(label, fact)),
    ...bullet('Since', readable(since)),
    ...bullet('Stop', stop),
    ...bullet('Next', next),
    ...bullet('If it is stuck', stuck),
    '',
    CUT_OFF,
  ].join('\n');
}

/** UI 2.42 makes the pane 30 pixels too low for its text: an empty last line is what it cuts off. */
const CUT_OFF = '\u00A0';

const bullet = (label: string, text: string | undefined): readonly string[] =>
  text === undefined ? [] : [`- **${label}:** ${text}`.trimEnd()];

const choice = ([command, meaning]: readonly [string, string]): string =>
  `  - ${markdownCode(command)} ${meaning}`;

/** As the UI itself writes moments. */
const readable = (moment: Date): string => `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const STATE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.state, SearchAttributeType.KEYWORD);

/** What a person sees of a run: current details (free), and on exceptions the memo and the search attribute. */
export class Status {
  private shownState: Condition | 'running' = 'running';
  private stopping = false;
  private stopNoticed = false;
  private kept: Condition | 'running' | undefined;
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

  /** Until it is released, the state of now outlasts what would show as running: one that comes and goes fills a history. */
  keepState(): void {
    this.kept = this.shownState;
  }

  releaseState(): void {
    this.kept = undefined;
  }

  get connection(): string {
    return this.target.connection ?? DEFAULT_CONNECTION;
  }

  /** What a person types about this run, as Markdown. */
  command(command: 'status' | 'cancel'): string {
    return markdownCode(operationCommand(command, this.target));
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

  /** Shows the phase as blocked while the body runs. Then as before. */
  async whileBlocked<T>(step: string, why: string, body: () => Promise<T>): Promise<T> {
    const { last, shown } = this;
    log.error('operation blocked', { why: `${step}: ${why}` });
    const blocked: Shown = {
      ...shown,
      what: `cannot ${escapeMarkdown(step)}: ${escapeMarkdown(why)}`,
      next: 'it asks again, at least every minute, and goes on by itself',
      stuck:
        'correct what the message says. Nothing here needs a restart. The last error is under Pending Activities',
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

  /** The last text. A closed run shows it for as long as the server keeps it and a worker runs. */
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
    if (wanted !== 'running') return wanted;
    return this.kept ?? (this.stopping ? 'compensating' : 'running');
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
  'a cancel or the deadline has arrived. It takes effect once the outcome of the request is known';

const MS_PER_S = 1_000;

/** What is counted of one run. Nothing is during a replay: the SDK sees to that. Labels come from closed lists. */
export class RunMetrics {
  private phase: { readonly name: Phase; readonly sinceMs: number } | undefined;

  constructor(private readonly operation: Operation) {}

  entered(name: Phase): void {
    if (this.phase?.name === name) return;
    this.left();
    this.phase = { name, sinceMs: Date.now() };
  }

  /** A condition began: needs-decision, blocked, overdue and so on. */
  condition(condition: Condition): void {
    metricMeter
      .createCounter(METRICS.conditions.name, undefined, METRICS.conditions.help)
      .add(1, { operation: this.operation, condition });
  }

  /** Counts the run's end, with `succeeded` or its failure type. */
  async until<T>(run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      this.ended('succeeded');
      return result;
    } catch (error) {
      // Any other error fails the workflow task only, which is repeated: the run has not ended.
      if (error instanceof TemporalFailure) this.ended(outcomeOf(error));
      throw error;
    }
  }

  private ended(outcome: string): void {
    this.left();
    metricMeter
      .createCounter(METRICS.operations.name, undefined, METRICS.operations.help)
      .add(1, { operation: this.operation, outcome });
    log.info('operation ended', { operation: this.operation, outcome });
  }

  private left(): void {
    if (this.phase === undefined) return;
    const { name, sinceMs } = this.phase;
    this.phase = undefined;
    // A workflow's clock is that of its server, which may have been set back.
    const seconds = Math.max(0, Date.now() - sinceMs) / MS_PER_S;
    const { phaseDuration } = METRICS;
    metricMeter
      .createHistogram(phaseDuration.name, 'float', 'seconds', phaseDuration.help)
      .record(seconds, { operation: this.operation, phase: name });
  }
}

function outcomeOf(error: TemporalFailure): string {
  if (isCancellation(error)) return 'Cancelled';
  for (let cause: unknown = error; cause instanceof TemporalFailure; cause = cause.cause)
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) return cause.type;
  return 'other';
}
