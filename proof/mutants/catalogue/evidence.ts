import { mutant, type Mutant } from '../mutant';

const DECISIONS = [
  'unit/workflows/decide.test.ts',
  'unit/workflows/decide-properties.test.ts',
  'unit/workflows/explore.test.ts',
];

/** Guards of what is taken for an effect, and of what a task's record says. */
export const EVIDENCE: readonly Mutant[] = [
  mutant(
    'adopt by name only',
    [
      'src/workflows/decide.ts',
      '  if (trace !== undefined) {\n    return {\n',
      "  if (trace !== undefined && e.operation === 'clone') return { kind: 'done', vmId: trace, warnings: [] };\n  if (trace !== undefined) {\n    return {\n",
    ],
    DECISIONS,
  ),
  mutant(
    'adopt ignores the baseline',
    [
      'src/workflows/effect-rules.ts',
      'look.tasks.filter(({ taskId }) => !baseline.tasks.some((before) => before.taskId === taskId));',
      "look.tasks.filter(({ taskId }) => taskId !== '' || baseline.tasks.length < 0);",
    ],
    DECISIONS,
  ),
  mutant(
    'adopt ignores the user',
    ['src/workflows/decide.ts', '    .filter(({ user }) => user === undefined || user === e.user)\n', ''],
    DECISIONS,
  ),
  mutant(
    'SYSTEM_CREATED taken as proof',
    [
      'src/workflows/decide.ts',
      '  if (trace !== undefined) {\n    return {\n',
      "  if (trace !== undefined && e.operation === 'revert') return { kind: 'done', warnings: [] };\n  if (trace !== undefined) {\n    return {\n",
    ],
    DECISIONS,
  ),
  mutant(
    "a predecessor's revert adopted",
    [
      'src/workflows/revert-vm.ts',
      'if (look.settleMs === undefined) return look;',
      'if (look.settleMs === undefined) return { ...look, tasks: [], systemSnapshots: [] };',
    ],
    ['workflow/faults/revert-ends.test.ts', 'workflow/revert/happy-path.test.ts'],
  ),
  mutant(
    'FAILED read as running',
    [
      'src/vsphere/task-watcher.ts',
      'if (!OPEN.includes(info.status)) return',
      "if (!OPEN.includes(info.status) && info.status !== 'FAILED') return",
    ],
    ['unit/vsphere/task-watcher.test.ts', 'workflow/faults/clone-ends.test.ts'],
  ),
  mutant(
    '404 as failure',
    [
      'src/activities/await-task.ts',
      "if (end.kind === 'gone') return { kind: 'gone' } as const;",
      "if (end.kind === 'gone') return { kind: 'failed', message: 'its record is gone' } as const;",
    ],
    ['workflow/faults/clone-ends.test.ts', 'workflow/faults/revert-ends.test.ts'],
  ),
  mutant(
    'unknown status ignored',
    [
      'src/vsphere/task-info.ts',
      'status: z.enum(TASK_STATUSES),',
      "status: z.enum(TASK_STATUSES).catch('SUCCEEDED'),",
    ],
    ['unit/vsphere/task-info.test.ts', 'workflow/faults/clone-ends.test.ts'],
  ),
  mutant(
    'success without verify',
    [
      'src/workflows/finish-clone.ts',
      'const verified = await patiently(`read the new machine ${vmId}`, status, (a) =>\n    a.verifyLinkedClone({ connection, sourceVmId, vmId, name, folderId }),\n  );',
      "const verified = { runId: prepared.baseline.runId, name, warnings: [] as readonly Warning[] };\n  if (sourceVmId + connection + folderId === '') return { vmId, name };",
    ],
    ['workflow/faults/clone-ends.test.ts', 'workflow/clone/lost-replies.test.ts'],
  ),
];
