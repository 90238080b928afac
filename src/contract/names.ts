/** Wire names. Changing one breaks callers in other languages and running workflows. */
export const WORKFLOWS = {
  linkedCloneVm: 'linkedCloneVm',
  revertVm: 'revertVm',
  inspect: 'inspect',
  deleteVmOfClone: 'deleteVmOfClone',
} as const;

/** Type of the locks, child workflows that callers leave alone. */
export const LOCK_WORKFLOW = 'holdExclusion';

export const DEFAULT_TASK_QUEUE = 'snapflow';
/** Waits have a task queue, and so slots, of their own: a thousand waiting operations keep none from starting. */
export const waitQueue = (taskQueue: string): string => `${taskQueue}-waits`;

export const DEFAULT_CONNECTION = 'default';

/** Search attributes, all of type Keyword. The first four are set at start, the last only on exceptions. */
export const SEARCH_ATTRIBUTES = {
  connection: 'SnapflowConnection',
  vm: 'SnapflowVm',
  operation: 'SnapflowOperation',
  name: 'SnapflowName',
  state: 'SnapflowState',
} as const;

/** Memo keys. `digest` identifies the request; `state` mirrors SnapflowState where the attribute is missing. */
export const MEMO = {
  digest: 'snapflowDigest',
  operation: 'snapflowOperation',
  requestId: 'snapflowRequestId',
  request: 'snapflowRequest',
  state: 'snapflowState',
  /** On a lock: `originalExecutionRunId` of the run that holds it. */
  holder: 'snapflowHolder',
  /** On a cancelled run: what is left of the request, one clause. */
  left: 'snapflowLeft',
  /** What a run in `needs-decision` asks: a `Question`. */
  question: 'snapflowQuestion',
  /** `false` when the run was started on a server without the search attributes: the worker then upserts none. */
  searchAttributes: 'snapflowSearchAttributes',
} as const;

/** The two operations. */
export type Operation = 'clone' | 'revert';

/** The workflow id of a request, a function of connection and request id alone. */
export const requestWorkflowId = (connection: string, requestId: string): string =>
  `snapflow:${connection}:${requestId}`;

/** The workflow id of the deletion of what a finished clone made: two deletions of it are one. */
export const deletionWorkflowId = (connection: string, requestId: string): string =>
  `snapflow-delete:${connection}:${requestId}`;

/**
 * Workflow id of the lock on a clone name. Folders are left out on purpose: the lock is taken before a folder's name is
 * resolved, and two spellings of one folder must not make two locks. Case is folded because vCenter's names are
 * case-insensitive.
 */
export const cloneNameLockId = (connection: string, name: string): string =>
  `snapflow-lock:${connection}:clone:${name.toLowerCase()}`;

/** Workflow id of the lock on a virtual machine that is being reverted. */
export const revertLockId = (connection: string, vmId: string): string =>
  `snapflow-lock:${connection}:vm:${vmId}`;
