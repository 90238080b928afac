import type { Look, ObservedTask, TaskEnd } from '../../../src/contract/evidence';
import type { Evidence } from '../../../src/workflows/decide';
import { firstEvidence } from '../../../src/workflows/evidence';

export const US = 'snapflow@vsphere.local';
export const OTHER = 'somebody@vsphere.local';
export const SOURCE = 'vm-source';

export const look = (seen: Partial<Look> = {}): Look => ({
  runId: 'run-1',
  tasks: [],
  vms: [],
  serviceSeen: true,
  ...seen,
});

export const vm = (vmId: string) => ({ vmId, powerState: 'POWERED_OFF' });

/** A task as a list shows it: of our user and on our machine unless it is said otherwise. */
export const task = (taskId: string, seen: Partial<ObservedTask> = {}): ObservedTask => ({
  taskId,
  status: 'RUNNING',
  targetId: SOURCE,
  user: US,
  ...seen,
});

export const succeeded = (
  taskId: string,
  seen: { resultId?: string; targetId?: string; user?: string } = {},
) =>
  ({
    taskId,
    runId: 'run-1',
    kind: 'succeeded',
    targetId: SOURCE,
    user: US,
    ...seen,
  }) as const satisfies TaskEnd;

export const failed = (taskId: string) =>
  ({ taskId, runId: 'run-1', kind: 'failed', message: 'no room' }) as const satisfies TaskEnd;

export const gone = (taskId: string) => ({ taskId, runId: 'run-1', kind: 'gone' }) as const satisfies TaskEnd;

export const unreadable = (taskId: string) =>
  ({ taskId, runId: 'run-1', kind: 'unreadable', message: 'an odd status.' }) as const satisfies TaskEnd;

const first = (operation: 'clone' | 'revert', baseline: Look): Evidence =>
  firstEvidence({ operation, called: 'ci-42', vmId: SOURCE, user: US, baseline, maxUnknowns: 3 }, false);

/** A clone before its first post; nothing of its name was there. */
export const cloneEvidence = (known: Partial<Evidence> = {}): Evidence => ({
  ...first('clone', look()),
  ...known,
});

/** A revert before its first post; one snapshot of an earlier revert was there. */
export const revertEvidence = (known: Partial<Evidence> = {}): Evidence => ({
  ...first('revert', look({ systemSnapshots: ['before'] })),
  ...known,
});

/** After an unknown start and its quarantine. */
export const UNKNOWN = { mayHavePosted: true, quarantined: true, unknowns: 1 } as const;
