import { Option, type Command } from 'commander';
import type {
  LinkedCloneRequest,
  OperationHandle,
  PlanResult,
  Problem,
  RevertPlanResult,
  RevertRequest,
  StartOptions,
} from '../../client';
import { RequestInvalid } from '../../request/parse';
import { EXIT } from '../errors';
import { followOperation, resumeHint } from '../follow';
import { durationOption, omitUndefined, type CommonOptions } from '../options';
import { bareIds, dataText, fields } from '../output';
import { writeOverview } from '../overview';
import { runAction, type ActionContext } from '../run-action';

/** Options of every command that starts an operation, as commander gives them. */
export interface StartCommandOptions extends CommonOptions {
  /** Required, as is the snapshot: the parser of the request says so, for all fields at once. */
  readonly vm?: string;
  readonly snapshot?: string;
  readonly cluster?: string;
  readonly connection?: string;
  readonly onCancel?: 'undo' | 'keep';
  readonly whenBusy?: 'wait' | 'fail';
  /** Milliseconds. */
  readonly deadline?: number;
  readonly requestId?: string;
  readonly again?: boolean;
  readonly plan?: boolean;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** Adds the options of every command that starts an operation. `busy`: what another request may be using. */
export const addStartOptions = (command: Command, busy: string): Command =>
  command
    .option(
      '--request-id <id>',
      'id of the request: the same id and request attach to what runs (default: derived)',
    )
    .option(
      '--again',
      'run a failed, cancelled or terminated request again; asks if an earlier run may have left something behind',
    )
    .option('--plan', 'check everything and change nothing')
    .option('--no-wait', 'print the id and exit without waiting')
    .option('--deadline <duration>', 'cancel the operation after this time, for example 15m', durationOption)
    .addOption(
      new Option('--when-busy <what>', `if another request is using the ${busy} (default: wait)`).choices([
        'wait',
        'fail',
      ]),
    )
    .addOption(
      new Option(
        '--on-cancel <what>',
        'what to do with work that is already done when a cancel arrives (default: undo)',
      ).choices(['undo', 'keep']),
    );

/** What `clone` and `revert` have of their own. */
interface StartCommand<Request extends LinkedCloneRequest | RevertRequest> {
  readonly operation: 'clone' | 'revert';
  /** What was asked, as it was asked: `parse` refuses it before anything uses it. */
  readonly request: Request;
  readonly parse: (request: Request) => unknown;
  readonly plan: (context: ActionContext) => Promise<PlanResult | RevertPlanResult>;
  /** Refuses options that do not fit together, by throwing. */
  readonly check?: (terminal: ActionContext['terminal']) => void;
  /** Asks before it starts; false starts nothing. */
  readonly confirm?: (context: ActionContext) => Promise<boolean>;
  readonly start: (context: ActionContext, options: StartOptions) => Promise<OperationHandle>;
}

/** Starts an operation and follows it, or writes its plan; returns the exit code. */
export const startOperation = async <Request extends LinkedCloneRequest | RevertRequest>(
  command: StartCommand<Request>,
  options: StartCommandOptions,
): Promise<number> => {
  const [{ derivedRequestId }, { parseRequestId }] = await Promise.all([
    import('../../request/identity.js'),
    import('../../request/schemas.js'),
  ]);
  const { operation, request, parse } = command;
  const { requestId, connection } = options;
  const check = (terminal: ActionContext['terminal']): void => {
    checkInput([
      () => parse(request),
      () => (requestId === undefined ? undefined : parseRequestId(requestId)),
    ]);
    if (options.plan !== true) command.check?.(terminal);
  };
  if (options.plan === true) return runAction(options, (context) => writePlan(command, context), { check });
  let isConfirmed = command.confirm === undefined;
  const whenInterrupted = (): string =>
    isConfirmed ? resumeHint(requestId ?? derivedRequestId(operation, request), connection) : NOTHING_STARTED;
  const act = async (context: ActionContext): Promise<number> => {
    isConfirmed = (await command.confirm?.(context)) ?? true;
    if (isConfirmed) return startAndFollow(command, context, options);
    context.print(NOTHING_STARTED);
    return EXIT.failed;
  };
  return runAction(options, act, { check, whenInterrupted });
};

const NOTHING_STARTED = 'Nothing was started.';

const startAndFollow = async <Request extends LinkedCloneRequest | RevertRequest>(
  { operation, request, start }: StartCommand<Request>,
  context: ActionContext,
  { requestId, again, wait, connection }: StartCommandOptions,
): Promise<number> => {
  const { signal } = context;
  const handle = await start(context, { ...omitUndefined({ requestId, again }), signal });
  if (wait) {
    const subject = 'name' in request ? request.name : `of ${request.vm}`;
    context.print(`The ${operation} ${subject} has the id ${handle.id}.`);
    return followOperation(context, handle);
  }
  context.print(resumeHint(handle.id, connection));
  if (context.format === 'table') {
    context.terminal.out(bareIds([handle.id]));
    return EXIT.ok;
  }
  return writeOverview(context, await handle.overview({ signal }), true);
};

const writePlan = async <Request extends LinkedCloneRequest | RevertRequest>(
  { plan }: StartCommand<Request>,
  context: ActionContext,
): Promise<number> => {
  const planned = await plan(context);
  const { kind: _, ...data } = planned;
  context.terminal.out(dataText(context.format, 'plan', data, () => renderPlan(planned)));
  return EXIT.ok;
};

/** Every wrong field at once, the request id among them. */
const checkInput = (checks: readonly (() => unknown)[]): void => {
  const problems = checks.flatMap(problemsOf);
  if (problems.length > 0) throw new RequestInvalid(problems);
};

const problemsOf = (parse: () => unknown): readonly Problem[] => {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof RequestInvalid) return error.problems;
    throw error;
  }
};

/** What an operation would do, for a person. */
export const renderPlan = (plan: PlanResult | RevertPlanResult): string =>
  fields([
    ['folderId' in plan ? 'source' : 'vm', `${plan.vmName} (${plan.vmId})`],
    ['cluster', plan.clusterId],
    ['snapshot', `${plan.snapshotName} (${plan.snapshotId})`],
    ...own(plan),
    ...plan.warnings.map(({ type, message }) => ['warning', `${type}: ${message}`] as const),
  ]);

const own = (plan: PlanResult | RevertPlanResult): (readonly [string, string])[] =>
  'folderId' in plan
    ? [
        ['clone', plan.name],
        ['folder', plan.folderId],
      ]
    : [['taken', plan.snapshotCreatedAt]];
