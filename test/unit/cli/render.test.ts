import type { OperationOverview } from '../../../src/client';
import { renderList } from '../../../src/cli/commands/list';
import { lossOfRevert } from '../../../src/cli/commands/revert';
import { renderSnapshots } from '../../../src/cli/commands/snapshots';
import { renderPlan } from '../../../src/cli/commands/start-operation';
import { resumeHint } from '../../../src/cli/follow';
import { bareIds, dataText, rowsText } from '../../../src/cli/output';
import { renderChoices, renderOverview } from '../../../src/cli/overview';

const NOW = new Date('2026-11-22T12:00:00Z');

const overview: OperationOverview = {
  status: {
    id: 'build-42',
    workflowId: 'snapflow:default:build-42',
    runId: 'r-1',
    operation: 'clone',
    state: 'running',
    condition: 'overdue',
    phase: 'wait',
    percent: 43,
    taskId: 'task-7',
  },
  request: { vm: 'web-01', snapshot: 'latest', name: 'ci-42' },
  startedAt: new Date('2026-11-22T11:56:48Z'),
  taskStatus: 'RUNNING',
  message: 'Copying disks',
  pickedUp: true,
};

test('a running clone reads like this', () => {
  expect(renderOverview(overview, NOW)).toBe(`id         build-42
operation  clone web-01 @ latest -> ci-42
state      running (overdue)
phase      wait, 43 %
task       task-7, RUNNING: Copying disks
started    2026-11-22T11:56:48.000Z, 3m 12s ago
workflow   snapflow:default:build-42
run        r-1
`);
});

test('a clone that succeeded with a warning reads like this', () => {
  const { taskStatus: _, message: __, ...rest } = overview;
  const text = renderOverview(
    {
      ...rest,
      status: {
        id: 'build-42',
        workflowId: 'w',
        runId: 'r',
        operation: 'clone',
        state: 'succeeded',
        taskId: 'task-7',
        result: { vmId: 'vm-1042', name: 'ci-42', taskId: 'task-7' },
        warnings: [{ type: 'PoweredOn', message: 'The clone ci-42 is on.' }],
      },
      closedAt: new Date('2026-11-22T11:57:00Z'),
    },
    NOW,
  );
  expect(text).toBe(`id         build-42
operation  clone web-01 @ latest -> ci-42
state      succeeded
task       task-7
vm         vm-1042
name       ci-42
warning    PoweredOn: The clone ci-42 is on.
started    2026-11-22T11:56:48.000Z, 3m 12s ago
took       12s
workflow   w
run        r
`);
});

test('a revert shows power state and undo snapshot', () => {
  const text = renderOverview(
    {
      ...overview,
      request: { vm: 'web-01', snapshot: 'nightly' },
      status: {
        ...overview.status,
        operation: 'revert',
        state: 'succeeded',
        result: { taskId: 't', undoSnapshotId: 'snap-9', powerState: 'POWERED_OFF' },
      },
    },
    NOW,
  );
  expect(text).toContain('operation  revert web-01 @ nightly\n');
  expect(text).toContain('power      POWERED_OFF\nundo       snap-9\n');
});

const row = {
  id: 'build-42',
  workflowId: 'w',
  runId: 'r',
  operation: 'clone',
  state: 'running',
  condition: 'blocked',
  vm: 'web-01',
  snapshot: 'latest',
  name: 'ci\u001B[2J-42',
  startedAt: '2026-11-22T11:00:00Z',
} as const;

test('a list has one line each, and a name cannot clear the screen', () => {
  const { name: _, condition: __, ...revert } = { ...row, id: 'r', operation: 'revert' as const };
  expect(renderList([row, revert], NOW)).toBe(
    `ID        OPERATION  STATE    VM      SNAPSHOT  NAME       AGE
build-42  clone      blocked  web-01  latest    ci [2J-42  1h
r         revert     running  web-01  latest    -          1h
`,
  );
});

test('snapshots show type, age and time left', () => {
  const snapshot = {
    snapshotId: 's-1',
    name: 'nightly',
    type: 'SCHEDULED',
    createdAt: '2026-11-21T12:00:00Z',
  };
  const text = renderSnapshots(
    {
      kind: 'snapshots',
      vmId: 'vm-1',
      vmName: 'web-01',
      clusterId: 'c-1',
      snapshots: [
        { ...snapshot, expiresAt: '2026-11-22T13:30:00Z' },
        { ...snapshot, snapshotId: 's-2' },
        { ...snapshot, snapshotId: 's-3', expiresAt: '2026-11-22T11:00:00Z' },
      ],
    },
    NOW,
  );
  expect(text).toBe(`SNAPSHOT  NAME     TYPE       CREATED               AGE  EXPIRES
s-1       nightly  SCHEDULED  2026-11-21T12:00:00Z  1d   in 1h 30m
s-2       nightly  SCHEDULED  2026-11-21T12:00:00Z  1d   never
s-3       nightly  SCHEDULED  2026-11-21T12:00:00Z  1d   expired
`);
});

test('a plan names everything by name and id', () => {
  const text = renderPlan('clone', {
    kind: 'plan',
    vmId: 'vm-1',
    vmName: 'web-01',
    clusterId: 'c-1',
    clusterName: 'cluster-01',
    snapshotId: 's-1',
    snapshotName: 'nightly',
    snapshotCreatedAt: '2026-11-21T22:40:00.000Z',
    name: 'ci-42',
    folderId: 'group-v3',
    folderName: 'clones',
    warnings: [{ type: 'PrivilegeUnconfirmed', message: 'Not all could be asked.' }],
  });
  expect(text).toBe(`source    web-01 (vm-1)
cluster   cluster-01 (c-1)
snapshot  nightly (s-1)
taken     2026-11-21T22:40:00.000Z
clone     ci-42
folder    clones (group-v3)
warning   PrivilegeUnconfirmed: Not all could be asked.
`);
});

test('jsonl begins with a version line, json is one document', () => {
  const lines = rowsText('jsonl', 'operation', [row], () => '')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['version', 'operation']);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 1 });
  expect(JSON.parse(rowsText('json', 'operation', [row], () => ''))).toEqual([row]);
  expect(JSON.parse(dataText('json', 'result', overview.status, () => ''))).toEqual(overview.status);
});

function asking(operation: 'clone' | 'revert', candidates: readonly string[]): OperationOverview {
  const { taskStatus: _, message: __, ...rest } = overview;
  return {
    ...rest,
    status: {
      id: 'build-42',
      workflowId: 'w',
      runId: 'r',
      operation,
      state: 'needs-decision',
      failure: { type: 'NeedsDecision', message: 'x' },
    },
    question: {
      runId: 'r',
      question: 1,
      why: 'vm-2001 appeared',
      candidates,
      answers: ['task', 'vm', 'done', 'repeat', 'abandon'],
    },
  };
}

test('a clone that needs a decision says why, the candidates, and the commands that decide', () => {
  const needy = asking('clone', ['5f0c:com.vmware.snapservice', 'vm-2001']);
  expect(renderOverview(needy, NOW)).toBe(`id         build-42
operation  clone web-01 @ latest -> ci-42
state      needs-decision
why        vm-2001 appeared
candidate  5f0c:com.vmware.snapservice
candidate  vm-2001
started    2026-11-22T11:56:48.000Z, 3m 12s ago
workflow   w
run        r
`);
  expect(renderChoices(needy)).toBe(`Check the candidates in vSphere, then run one of:
  snapflow resolve build-42 --task 5f0c:com.vmware.snapservice  this task is the request's
  snapflow resolve build-42 --vm vm-2001                        this machine is the request's clone
  snapflow resolve build-42 --repeat                            there was no effect: make it again
  snapflow resolve build-42 --abandon                           give up; nothing is deleted
`);
});

test('a question without candidates names none', () => {
  expect(renderChoices(asking('clone', []))).toMatch(/^Look for its effect in vSphere, then run one of:\n/);
});

test('a revert that needs a decision on another connection is decided there', () => {
  const needy = { ...asking('revert', ['snap-1']), request: { vm: 'a', snapshot: 'b', connection: 'lab 1' } };
  expect(renderChoices(needy)).toContain("  snapflow resolve build-42 --connection 'lab 1' --done ");
  expect(renderChoices(needy)).not.toContain('--vm');
});

test.each([
  [
    'undo',
    `  snapflow resolve build-42 --repeat   go on: try the undo again
  snapflow resolve build-42 --abandon  keep what is there; it ends with CompensationIncomplete
`,
  ],
  [
    'history',
    `  snapflow resolve build-42 --repeat   go on as before, until it asks again
  snapflow resolve build-42 --abandon  give up; nothing is deleted
`,
  ],
] as const)('a run that asks whether to go on (%s) says what each answer means', (about, choices) => {
  const needy = asking('clone', ['vm-2001']);
  const question = { ...needy.question!, answers: ['repeat', 'abandon'] as const, about };
  expect(renderChoices({ ...needy, question })).toBe(
    `Correct what the reason names, then run one of:\n${choices}`,
  );
  // The last share of a history has no room to go on.
  const last = { ...question, answers: ['abandon'] as const };
  expect(renderChoices({ ...needy, question: last })).not.toContain('--repeat');
});

test('what asks nothing has nothing to decide', () => {
  expect(renderChoices(overview)).toBe('');
});

test('a cancelled clone says what is left of it', () => {
  const { taskStatus: _, message: __, ...rest } = overview;
  const status = { ...overview.status, state: 'cancelled' } as const;
  const left = 'the clone ci-42 (vm-2001) was deleted';
  expect(renderOverview({ ...rest, status, left }, NOW)).toContain(`\nleft       ${left}\n`);
});

const revertPlan = {
  kind: 'plan',
  vmId: 'vm-1001',
  vmName: 'web-01',
  clusterId: 'c-1',
  clusterName: 'cluster-01',
  snapshotId: 's-1',
  snapshotName: 'nightly-0412',
  snapshotCreatedAt: '2026-11-21T22:40:00.000Z',
  warnings: [],
} as const;

test('whoever confirms a revert is told machine, snapshot, its age, and what is lost', () => {
  expect(lossOfRevert(revertPlan, {}, NOW)).toBe(
    'web-01 (vm-1001) goes back to nightly-0412 (s-1) of 2026-11-21T22:40:00.000Z, 13h 20m ago. Everything written since then is lost, and the machine is powered off afterwards. Revert it?',
  );
  expect(lossOfRevert(revertPlan, { restorePower: true }, NOW)).toContain('gets its power state back');
});

test('the plan of a revert names machine and snapshot', () => {
  expect(renderPlan('revert', revertPlan)).toBe(`vm        web-01 (vm-1001)
cluster   cluster-01 (c-1)
snapshot  nightly-0412 (s-1)
taken     2026-11-21T22:40:00.000Z
`);
});

test('a bare id is one line, whatever is in it', () => {
  expect(bareIds(['build-42', 'a\u001B]0;x\u0007\r\nb'])).toBe('build-42\na ]0;x b\n');
});

test('a command about an id that begins as an option has it behind the options', () => {
  expect(resumeHint('build-42', 'lab')).toBe(
    'Still running. Reattach: snapflow wait build-42 --connection lab · Stop it: snapflow cancel build-42 --connection lab',
  );
  expect(resumeHint('-x', undefined)).toBe(
    'Still running. Reattach: snapflow wait -- -x · Stop it: snapflow cancel -- -x',
  );
  expect(resumeHint('--a b', 'lab')).toBe(
    "Still running. Reattach: snapflow wait --connection lab -- '--a b' · Stop it: snapflow cancel --connection lab -- '--a b'",
  );
  const status = { ...overview.status, id: '-x', state: 'needs-decision' as const };
  const question = { runId: 'r', question: 1, why: 'w', candidates: ['vm-7'], answers: ['vm'] as const };
  expect(renderChoices({ ...overview, status, question })).toContain('  snapflow resolve --vm vm-7 -- -x ');
});

test('a run that stored no texts where texts belong is shown all the same', () => {
  const foreign = {
    ...overview,
    request: { vm: 'web-01', snapshot: { deep: [] }, name: 7 },
    status: {
      ...overview.status,
      state: 'succeeded',
      result: { vmId: 7, name: ['x'] },
      warnings: [null, 'w', { type: 'T', message: 'm' }],
    },
  } as unknown as OperationOverview;
  const text = renderOverview(foreign, NOW);
  expect(text).toContain('clone web-01 @ {"deep":[]}\n');
  expect(text).toContain('vm         7\nname       ["x"]\nwarning    null\nwarning    w\nwarning    T: m\n');
});
