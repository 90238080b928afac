import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import type { Exclusion, PreparedLinkedClone } from '../contract/activities';
import { inlineCode } from '../contract/inline-code';
import { cloneNameLockId, DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneInput } from '../contract/request';
import type { LinkedCloneResult } from '../contract/result';
import { acquireExclusion } from './acquire-exclusion';
import { reading, starting } from './activity-calls';
import { BeforeStart } from './before-start';
import { checking } from './checking';
import { cloneTarget } from './clone-target';
import { firstEvidence } from './earlier-runs';
import { finishClone } from './finish-clone';
import { obtainEffect, type StartSteps } from './obtain-effect';
import { releaseAfterReset } from './release-exclusion';
import type { RunContext } from './run-context';
import { runOperation } from './run-operation';
import { settling, SETTLING } from './settling';
import { startSteps } from './start-steps';
import type { Status } from './status';

/**
 * Wire name `linkedCloneVm`: a linked clone, durably. Phases: exclusion, prepare, start, wait, verify, finish. From the
 * first post on nothing interrupts it; a cancel or deadline is remembered and acts where the outcome is known.
 */
export const linkedCloneVm = (input: LinkedCloneInput): Promise<LinkedCloneResult> =>
  runOperation(input, ['vm', 'snapshot', 'name'], async (context) => {
    const { connection = DEFAULT_CONNECTION, name, whenBusy = 'wait' } = input.request;
    const beforeStart = new BeforeStart(context.status);
    const { exclusion } = await beforeStart.do(() =>
      acquireExclusion(cloneNameLockId(connection, name), whenBusy, context.status),
    );
    return releaseAfterReset(exclusion, context.trace, async () => {
      const prepared = await beforeStart.do(() => prepare(input, exclusion, context.status));
      context.trace.saw(prepared.baseline.runId);
      return CancellationScope.nonCancellable(async () => {
        const evidence = evidenceBefore(prepared, input.again !== undefined);
        const obtained = await obtainEffect(evidence, cloneSteps(prepared, exclusion, context), context);
        return finishClone(input.request, prepared, obtained, context);
      });
    });
  });

/** Read-only. Where the name's previous holder was terminated a moment ago, its last call is waited out first. */
async function prepare(
  input: LinkedCloneInput,
  exclusion: Exclusion,
  status: Status,
): Promise<PreparedLinkedClone> {
  const { vm, snapshot, name } = input.request;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  for (;;) {
    const summary = `check ${vm} @ ${snapshot}, the name ${name}, placement and privileges`;
    status.set(
      'prepare',
      checking(`${inlineCode(vm)} @ ${inlineCode(snapshot)} and the name ${inlineCode(name)}`, status),
    );
    const prepared = await reading(summary).prepareLinkedClone({ input, exclusion, originalRunId });
    if (prepared.settleMs === undefined) return prepared;
    status.set('exclusion', settling(prepared.settleMs), 'queued');
    await sleep(prepared.settleMs, { summary: SETTLING });
  }
}

const evidenceBefore = ({ name, vmId, user, baseline, settings }: PreparedLinkedClone, again: boolean) =>
  firstEvidence(
    { operation: 'clone', called: name, vmId, user, baseline, maxUnknowns: settings.maxUnknowns },
    again,
  );

function cloneSteps(
  prepared: PreparedLinkedClone,
  exclusion: Exclusion,
  { status, trace }: RunContext,
): StartSteps {
  const { connection, name, vmName, snapshotName, snapshotId, placement, settings } = prepared;
  const target = cloneTarget(prepared);
  return startSteps({
    connection,
    called: `clone ${name}`,
    settings,
    exclusion,
    status,
    trace,
    target: { operation: 'clone', ...target },
    start: (guards) =>
      starting(
        `post the clone ${vmName} @ ${snapshotName} -> ${name}`,
        settings.startToCloseMs,
      ).startLinkedClone({
        ...target,
        ...guards,
        snapshotId,
        placement,
      }),
  });
}
