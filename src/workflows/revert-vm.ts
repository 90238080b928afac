import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Exclusion, PreparedRevert } from '../contract/activities';
import type { Look } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import { revertLockId, type RevertInput, type RevertResult } from '../contract/operations';
import { markdownCode } from '../contract/text';
import { checkOptions, inTurn, reading } from './activity-calls';
import { firstEvidence } from './evidence';
import { acquireExclusion, outwaited, releaseAfterReset } from './exclusion';
import { finishRevert } from './finish-revert';
import { obtainEffect } from './obtain-effect';
import { PreStartSteps } from './reset';
import { revertSteps, revertTarget } from './revert-steps';
import { runOperation } from './run';
import type { Status } from './status';
import { checking } from './status-texts';

/**
 * Wire name `revertVm`: a revert, durably. Phases: prepare, exclusion, first look, start, wait, verify, finish. The first
 * look is made under the lock, so that a predecessor's revert is in the baseline and never taken for this one.
 */
export const revertVm = (input: RevertInput): Promise<RevertResult> =>
  runOperation('revert', input, ['vm', 'snapshot'], async (context) => {
    const { status, trace } = context;
    const beforeStart = new PreStartSteps(status);
    const first = await beforeStart.run(() => prepare(input, status));
    const wanted = {
      lockId: revertLockId(first.connection, first.vmId),
      reserved: `the machine ${first.vmName}`,
    };
    const { exclusion, waited } = await beforeStart.run(() =>
      acquireExclusion(wanted, input.request.whenBusy ?? 'wait', status),
    );
    return releaseAfterReset(exclusion, trace, async () => {
      const prepared = waited
        ? await beforeStart.run(() => prepare(byId(input, first), status, first.siteId))
        : first;
      const baseline = await beforeStart.run(() => baselineLook(prepared, exclusion, status));
      trace.record(baseline.runId);
      return CancellationScope.nonCancellable(async () => {
        const evidence = evidenceBefore(prepared, baseline, input.again !== undefined);
        const steps = revertSteps(prepared, { purpose: 'effect', exclusion }, context);
        const obtained = await obtainEffect(evidence, steps, context);
        return finishRevert(input.request, prepared, { obtained, exclusion }, context);
      });
    });
  });

function prepare(input: RevertInput, status: Status, siteId?: string): Promise<PreparedRevert> {
  const { connection, vm, snapshot } = input.request;
  status.set('prepare', checking(`${markdownCode(vm)} @ ${markdownCode(snapshot)}`, status));
  const asked = {
    input,
    originalRunId: workflowInfo().originalExecutionRunId,
    ...omitUndefined({ siteId }),
  };
  const options = checkOptions(`check ${vm} @ ${snapshot} and privileges`);
  return inTurn(connection, options, (a) => a.prepareRevert(asked));
}

/** Names are resolved once: what they mean may change while a run queues. */
const byId = (input: RevertInput, { vmId, snapshotId, clusterId }: PreparedRevert): RevertInput => ({
  ...input,
  request: { ...input.request, vm: vmId, snapshot: snapshotId, cluster: clusterId },
});

async function baselineLook(prepared: PreparedRevert, exclusion: Exclusion, status: Status): Promise<Look> {
  for (;;) {
    const look = await reading(`read tasks, snapshots and power of ${prepared.vmName}`).lookForEffect({
      operation: 'revert',
      depth: 'first',
      exclusion,
      ...revertTarget(prepared),
    });
    if (!(await outwaited(look, prepared, status))) return look;
  }
}

const evidenceBefore = ({ vmName, vmId, user, settings }: PreparedRevert, baseline: Look, again: boolean) =>
  firstEvidence(
    { operation: 'revert', called: vmName, vmId, user, baseline, maxUnknowns: settings.maxUnknowns },
    again,
  );
