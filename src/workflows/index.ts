/*
 * The workflows. Deterministic: only src/contract and Temporal's workflow API.
 *
 * linked-clone-vm.ts     workflow of a clone, top to bottom as its phases
 * revert-vm.ts           workflow of a revert, top to bottom as its phases
 * revert-steps.ts        the start loop's steps for a revert and its undo
 * finish-revert.ts       verify, restore power, undo of a revert
 * delete-vm-of-clone.ts  workflow behind `snapflow delete`
 * inspect.ts             workflow of read-only queries
 * obtain-effect.ts       the start loop: decide, take one step, decide again
 * start-steps.ts         the loop's steps, each one activity
 * refused-start.ts       what a start does while it is refused: waits, shows, asks
 * pauses.ts              how long it waits after each refusal; pure
 * phases.ts              the evidence: what a run knows, and the phase that its start is in
 * decide.ts              the next step in this phase; pure
 * effect-rules.ts        how the effect of a clone or a revert is known; pure
 * evidence.ts            how each step leads from one phase to the next; pure
 * await-task.ts          waits for a task; shows it as blocked or overdue
 * exclusion.ts           the lock as a child workflow: take, queue, release
 * ask-operator.ts        asks an operator and takes the answer (update `resolve`)
 * operator-question.ts   what is asked, which answers fit, and what an answer is held to
 * growth.ts              asks whether to go on before the history grows too long
 * undo.ts                steps of an undo; asks where one is refused for hours
 * used-objects.ts        what the names of a request meant, for its result
 * reset.ts               detects a run that a reset made, and what it must not skip
 * run.ts                 frame of an operation: cancel, deadline, status, end
 * refusals.ts            refuses a start outside the contract
 * activity-calls.ts      time-outs and retries of each kind of activity call
 * status.ts              current details, memo, search attribute and metrics of a run
 * status-texts.ts        the sentences that a run shows
 */
import type { OperationWorkflows } from '../contract/operations';
import { linkedCloneVm } from './linked-clone-vm';
import { revertVm } from './revert-vm';

export { deleteVmOfClone } from './delete-vm-of-clone';
export { holdExclusion } from './exclusion';
export { inspect } from './inspect';
export { linkedCloneVm, revertVm };

({ linkedCloneVm, revertVm }) satisfies OperationWorkflows;
