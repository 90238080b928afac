import { Option, type Command } from 'commander';
import type { OperationHandle, Problem, StartOptions } from '../../client';
import type { PlanOf } from '../../contract/inspect';
import { PRIORITIES, type Operation, type Priority, type RequestOf } from '../../contract/operations';
import { operationCommand, shellWord } from '../../contract/text';
import { RequestInvalid } from '../../request/parse';
import { EXIT } from '../errors';
import { followWithin, reattachHint, resumeHint } from '../follow';
import { omitUndefined } from '../../contract/omit-undefined';
import { durationOption, type CommonOptions } from '../options';
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
  /** Milliseconds that the command follows it. */
  readonly timeout?: number;
  /** Milliseconds. */
  readonly deadline?: number;
  readonly priority?: Priority;
  readonly team?: string;
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
    .option('--timeout <duration>', 'exit with code 7 after this time; the operation goes on', durationOption)
    .option('--deadline <duration>', 'cancel the operation after this time, for example 15m', durationOption)
    .addOption(
      new Option(
        '--priority <how>',
        'how urgent it is among requests that wait at its connection (default: normal)',
      ).choices(Object.keys(PRIORITIES)),
    )
    .option('--team <name>', 'for which team it is: places are shared fairly between teams')
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
interface StartCommand<O extends Operation> {
  readonly operation: O;
  /** What was asked, as it was asked: `parse` refuses it before anything uses it. */
  readonly request: RequestOf<O>;
  readonly parse: (request: RequestOf<O>) => unknown;
  readonly plan: (context: ActionContext) => Promise<PlanOf<O>>;
  /** Refuses options that do not fit together, by throwing. */
  readonly check?: (terminal: ActionContext['terminal']) => void;
  /** Asks before it starts; false starts nothing. */
  readonly confirm?: (context: ActionContext) => Promise<boolean>;
  readonly start: (context: ActionContext, options: StartOptions) => Promise<OperationHandle>;
}

/** Starts an operation and follows it, or writes its plan; returns the exit code. */
export async function startOperation<O extends Operation>(
  command: StartCommand<O>,
  options: StartCommandOptions,
): Promise<number> {
  const [{ derivedRequestId, newNonce }, { parseRequestId }, { parseTeam }] = await Promise.all([
    import('../../request/identity.js'),
    import('../../request/schemas.js'),
    import('../../request/place-in-line.js'),
  ]);
  const { operation, request, parse } = command;
  const { requestId, connection, priority, team } = options;
  const check = (terminal: ActionContext['terminal']): void => {
    checkInput([
      () => parse(request),
      () => (requestId === undefined ? undefined : parseRequestId(requestId, connection)),
      () => (team === undefined ? undefined : parseTeam(team)),
    ]);
    if (options.plan !== true) command.check?.(terminal);
  };
  if (options.plan === true) return runAction(options, (context) => writePlan(command, context), { check });
  // Made here, so that an interrupt during the start can name the operation.
  const nonce = 'uniqueName' in request ? newNonce() : undefined;
  let hint = NOTHING_STARTED;
  const act = async (context: ActionContext): Promise<number> => {
    if ((await command.confirm?.(context)) === false) {
      context.print(NOTHING_STARTED);
      return EXIT.failed;
    }
    const { again } = options;
    const { signal } = context;
    const id = requestId ?? derivedRequestId(operation, request, nonce);
    hint = unansweredHint({ requestId: id, connection }, { isGiven: requestId !== undefined, nonce });
    const handle = await command.start(context, {
      ...omitUndefined({ requestId, nonce, again, priority, team }),
      signal,
    });
    hint = resumeHint(handle.id, connection);
    return followStarted(command, context, handle, options);
  };
  return runAction(options, act, { check, whenInterrupted: () => hint });
}

const NOTHING_STARTED = 'Nothing was started.';

/** The start was sent and not answered. Only an id that no other start has tells by itself whether it arrived. */
function unansweredHint(
  { requestId, connection }: { readonly requestId: string; readonly connection: string | undefined },
  { isGiven, nonce }: { readonly isGiven: boolean; readonly nonce: string | undefined },
): string {
  const repeat = 'Run the same command again';
  if (isGiven) return `${MAYBE_STARTED} ${repeat}: it attaches.`;
  if (nonce !== undefined)
    return `${MAYBE_STARTED} ${repeat} with --request-id ${shellWord(requestId)}: it attaches.`;
  // An earlier run may have the derived id, and the same command attaches to one that is running only.
  const status = operationCommand('status', { requestId, ...omitUndefined({ connection }) });
  return `${MAYBE_STARTED} ${repeat}: it attaches if that one is running. Whether it is: ${status}`;
}

const MAYBE_STARTED = 'It may or may not have been started.';

async function followStarted<O extends Operation>(
  { operation, request }: StartCommand<O>,
  context: ActionContext,
  handle: OperationHandle,
  options: StartCommandOptions,
): Promise<number> {
  const { wait, connection } = options;
  const { signal } = context;
  if (wait) {
    const subject = handle.name ?? ('name' in request ? request.name : `of ${request.vm}`);
    context.print(`The ${operation} ${subject} has the id ${handle.id}.`);
    return followWithin(context, handle, options);
  }
  // What it attached to may have ended.
  context.print(`Accepted. ${reattachHint(handle.id, connection)}`);
  if (context.format === 'table') {
    context.terminal.out(bareIds([handle.id]));
    return EXIT.ok;
  }
  writeOverview(context, await handle.overview({ signal }), true);
  // It was accepted. How it stands, if it got anywhere yet, is data.
  return EXIT.ok;
}

async function writePlan<O extends Operation>(
  { operation, plan }: StartCommand<O>,
  context: ActionContext,
): Promise<number> {
  const planned = await plan(context);
  const { kind: _, ...data }: PlanOf = planned;
  context.terminal.out(dataText(context.format, 'plan', data, () => renderPlan(operation, planned)));
  return EXIT.ok;
}

/** Every wrong field at once, the request id among them. */
function checkInput(checks: readonly (() => unknown)[]): void {
  const problems = checks.flatMap(problemsOf);
  if (problems.length > 0) throw new RequestInvalid(problems);
}

function problemsOf(parse: () => unknown): readonly Problem[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof RequestInvalid) return error.problems;
    throw error;
  }
}

/** What an operation would do, for a person. */
export function renderPlan<O extends Operation>(operation: O, plan: PlanOf<O>): string {
  const { vm, own }: PlanTexts<O> = PLAN_TEXTS[operation];
  const { vmName, vmId, clusterId, clusterName, snapshotName, snapshotId, snapshotCreatedAt }: PlanOf = plan;
  return fields([
    [vm, `${vmName} (${vmId})`],
    ['cluster', `${clusterName} (${clusterId})`],
    ['snapshot', `${snapshotName} (${snapshotId})`],
    ['taken', snapshotCreatedAt],
    ...own(plan),
    ...plan.warnings.map(({ type, message }) => ['warning', `${type}: ${message}`] as const),
  ]);
}

interface PlanTexts<O extends Operation> {
  /** What its virtual machine is called. */
  readonly vm: string;
  /** What only plans of this operation say. */
  readonly own: (plan: PlanOf<O>) => readonly (readonly [string, string])[];
}

const PLAN_TEXTS: { readonly [O in Operation]: PlanTexts<O> } = {
  clone: {
    vm: 'source',
    own: ({ name, folderId, folderName }) => [
      ['clone', name],
      ['folder', `${folderName} (${folderId})`],
    ],
  },
  revert: { vm: 'vm', own: () => [] },
};
