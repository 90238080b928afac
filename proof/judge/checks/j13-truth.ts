import { each, type Check } from '../check';
import { claimOf, type Claim } from '../view/claim-of';
import { describeEffect } from '../view/describe-effect';
import { EXIT_OF_FAILURE } from '../evidence/exit-of-failure';
import { isLeftAtEnd } from '../view/is-left-at-end';
import type { Caller } from '../evidence/harness-records';
import type { Run } from '../evidence/temporal-records';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';

/** What a caller printed and how it exited is how its run stood, and what the ledger says. */
export const truth: Check = {
  id: 'J13',
  demands: 'every caller was told the truth',
  judge: (round) =>
    each('callers', round.evidence.callers.filter(isTold), (caller) => {
      const view = round.requests.find(({ request }) => request.requestId === caller.requestId);
      return view === undefined ? [] : lies(caller, view, round).map((lie) => `${aboutOf(caller)} ${lie}`);
    }),
};

/** A caller that was killed was told nothing; a plan, a list and a cancel say nothing of an outcome. */
const isTold = ({ argv, exitCode }: Caller): boolean =>
  exitCode !== null &&
  !argv.includes('--plan') &&
  ['clone', 'revert', 'wait', 'status'].some((told) => argv.includes(told));

const aboutOf = ({ requestId, argv, endedAt, exitCode }: Caller): string =>
  `the caller of ${requestId} (${argv.find((word) => /^(clone|revert|wait|status)$/.test(word))}, ended ${endedAt}, exit code ${exitCode})`;

function lies(caller: Caller, view: RequestView, round: RoundView): readonly string[] {
  const claim = claimOf(caller.stdout);
  const run = toldRun(caller, claim, view);
  if (run === undefined) return toldOfNoRun(caller, claim);
  return [
    ...wrongCode(caller, claim, run, round),
    ...(claim === undefined ? [] : wrongClaim(claim, run)),
    ...wrongEffect(caller, claim, view, round),
  ];
}

const toldRun = ({ endedAt }: Caller, claim: Claim | undefined, { runs }: RequestView): Run | undefined =>
  claim === undefined
    ? runs.findLast(({ startedAt }) => Date.parse(startedAt) <= Date.parse(endedAt))
    : runs.find(({ runId }) => runId === claim.runId);

function toldOfNoRun({ exitCode }: Caller, claim: Claim | undefined): readonly string[] {
  if (claim !== undefined) return [`was told of run ${claim.runId}, which the server does not have`];
  return exitCode === 0 ? ['was told of success, and the server has no run of it'] : [];
}

/** Exit codes that speak of the caller itself and not of the run: usage, no connection, conflict, interrupted. */
const OF_THE_CALLER = [2, 4, 5, 130];
/** Clocks of server and harness, and the time in which a caller leaves. */
const SLACK_MS = 2_000;

function wrongCode(
  caller: Caller,
  claim: Claim | undefined,
  run: Run,
  { evidence }: RoundView,
): readonly string[] {
  const { exitCode, argv, endedAt } = caller;
  if (exitCode === null || (claim === undefined && OF_THE_CALLER.includes(exitCode))) return [];
  const wasOpen =
    run.closedAt === null ||
    run.closedAt === undefined ||
    Date.parse(run.closedAt) > Date.parse(endedAt) - SLACK_MS;
  if (exitCode === 130 || (exitCode === 7 && wasOpen)) return [];
  const needed = evidence.progress.some(
    ({ runId, state }) => runId === run.runId && state === 'needs-decision',
  );
  if (exitCode === 6 && needed) return [];
  const leaves = argv.includes('--no-wait') || argv.includes('status');
  if (exitCode === 0 && leaves && wasOpen) return [];
  const right = exitCodeOf(run, needed);
  return right === exitCode
    ? []
    : [
        `should have had exit code ${right ?? 7}: run ${run.runId} is ${run.status} ${run.failure?.type ?? ''}`.trim(),
      ];
}

function exitCodeOf({ status, failure }: Run, needed: boolean): number | undefined {
  switch (status) {
    case 'COMPLETED':
      return 0;
    case 'CANCELLED':
      return 8;
    case 'FAILED':
    case 'TERMINATED':
    case 'TIMED_OUT':
      return EXIT_OF_FAILURE[failure?.type ?? ''] ?? 1;
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
      return needed ? 6 : undefined;
  }
}

const STATE: Readonly<Record<string, string>> = {
  COMPLETED: 'succeeded',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
  TERMINATED: 'failed',
  TIMED_OUT: 'failed',
};

function wrongClaim({ state, result, failure }: Claim, run: Run): readonly string[] {
  const isOpenClaim = state === 'running' || state === 'needs-decision';
  if (!isOpenClaim && state !== STATE[run.status])
    return [`was told "${state}", and run ${run.runId} is ${run.status}`];
  const ended = (run.result ?? {}) as Record<string, unknown>;
  const wrong = Object.entries(result ?? {}).filter(
    ([key, value]) => JSON.stringify(ended[key]) !== JSON.stringify(value),
  );
  return [
    ...wrong.map(
      ([key, value]) =>
        `was told ${key} ${JSON.stringify(value)}, and run ${run.runId} ended with ${JSON.stringify(ended[key])}`,
    ),
    ...(state === 'failed' && run.status === 'FAILED' && failure?.type !== run.failure?.type
      ? [`was told ${failure?.type}, and run ${run.runId} failed ${run.failure?.type}`]
      : []),
  ];
}

/** Against the ledger, whatever the run says of itself. */
function wrongEffect(
  { exitCode, argv }: Caller,
  claim: Claim | undefined,
  view: RequestView,
  { evidence }: RoundView,
): readonly string[] {
  const { request, live, effects } = view;
  const { vmId } = (claim?.result ?? {}) as { vmId?: string };
  if (
    claim?.state === 'succeeded' &&
    vmId !== undefined &&
    !evidence.ledger.some(({ resultVm }) => resultVm === vmId)
  )
    return [`was told of ${vmId}, which nothing in the ledger made`];
  const isTold = exitCode === 0 && !argv.includes('--no-wait') && !argv.includes('status');
  if (isTold && effects.length === 0 && !evidence.ledger.some(({ kind }) => kind === request.operation))
    return ['was told of success, and the ledger has no effect'];
  const left = live.filter((effect) => isLeftAtEnd(effect, evidence));
  return exitCode === 3 && left[0] !== undefined
    ? [`was told that nothing changed, and ${describeEffect(left[0])} is there`]
    : [];
}
