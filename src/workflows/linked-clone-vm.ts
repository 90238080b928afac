import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import type { Exclusion, PreparedLinkedClone } from '../contract/activities';
import { cloneNameLockId, DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneInput } from '../contract/request';
import type { LinkedCloneResult } from '../contract/result';
import { acceptInput } from './accept-input';
import { acquireExclusion } from './acquire-exclusion';
import { reading } from './activity-calls';
import { Operator } from './ask-operator';
import { cloneSteps } from './clone-steps';
import { firstEvidence } from './earlier-runs';
import { finishClone } from './finish-clone';
import { obtainClone } from './obtain-clone';
import { releaseAfterReset } from './release-exclusion';
import { RunTrace } from './run-trace';
import { Status } from './status';
import { stoppable } from './stop';

/**
 * Wire name `linkedCloneVm`: a linked clone, durably. Phases: exclusion, prepare, start, wait, verify, finish. From the
 * first post on nothing interrupts it; a cancel or deadline is remembered and acts where the outcome is known.
 */
export async function linkedCloneVm(input: LinkedCloneInput): Promise<LinkedCloneResult> {
  acceptInput(input, ['vm', 'snapshot', 'name']);
  const { request } = input;
  const status = new Status();
  const operator = new Operator();
  const trace = new RunTrace();
  const lockId = cloneNameLockId(request.connection ?? DEFAULT_CONNECTION, request.name);
  return stoppable(request.deadlineMs, async (stop) => {
    const exclusion = await acquireExclusion(lockId, request.whenBusy ?? 'wait', status);
    return releaseAfterReset(exclusion, trace, async () => {
      const prepared = await prepare(input, exclusion, status);
      trace.saw(prepared.baseline.runId);
      return CancellationScope.nonCancellable(async () => {
        const evidence = firstEvidence(prepared, input.again !== undefined);
        const steps = cloneSteps(prepared, { exclusion, status, trace });
        const obtained = await obtainClone(evidence, steps, { status, stop, operator });
        return finishClone(request, prepared, obtained, { status, stop, trace });
      });
    });
  });
}

/** Read-only. Where the name's previous holder was terminated a moment ago, its last call is waited out first. */
async function prepare(
  input: LinkedCloneInput,
  exclusion: Exclusion,
  status: Status,
): Promise<PreparedLinkedClone> {
  const { vm, snapshot, name } = input.request;
  for (;;) {
    status.set('prepare', `checking ${vm} @ ${snapshot} -> ${name}`);
    const prepared = await reading(`check ${vm}, ${snapshot}, ${name} and privileges`).prepareLinkedClone({
      input,
      exclusion,
      originalRunId: workflowInfo().originalExecutionRunId,
    });
    if (prepared.settleMs === undefined) return prepared;
    status.set(
      'exclusion',
      `the previous holder of ${name} was terminated: waiting out its last call`,
      'queued',
    );
    await sleep(prepared.settleMs);
  }
}
