import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of what is read of records that are not as documented. */
export const READERS: readonly Mutant[] = [
  mutant(
    'an item without an id is left out silently',
    ['items', 'unread: values.length - read.length', 'unread: 0'],
    [test('unit/vsphere/reads.test.ts', 'the list says that it is not whole')],
  ),
  mutant(
    'success with an error is success',
    ['readStatus', "status === 'SUCCEEDED' && isThere(error)", "status === '' && isThere(error)"],
    [test('unit/vsphere/task-info.test.ts', 'success with an error')],
  ),
  mutant(
    'a list that is not whole proves absence',
    ['whyNotWhole', 'look.inconclusive ?? ', ''],
    [test('unit/workflows/decide-odd-records.test.ts', 'asks, with the reason')],
  ),
  mutant(
    'what a first check may have missed was not there',
    ['whyNotWhole', ' ?? baseline.inconclusive', ''],
    [test('unit/workflows/decide-odd-records.test.ts', 'asks, with the reason')],
  ),
  mutant(
    'a revert adopts what its first check may have missed',
    ['provesRevert', ' && inconclusive === undefined', ''],
    [test('unit/workflows/decide-odd-records.test.ts', 'none that its first check may have missed')],
  ),
  mutant(
    'a revert adopts a task with an odd result',
    ['provesRevert', ' && oddResult === undefined', ''],
    [test('unit/workflows/decide-odd-records.test.ts', 'with a result that is no id')],
  ),
  mutant(
    'an ended task of unknown status is waited for',
    ['mayWork', '!isEnded(status) && hasEnded !== true', '!isEnded(status) && hasEnded !== undefined'],
    [test('unit/workflows/decide-odd-records.test.ts', 'unless it made a machine of the name')],
  ),
  mutant(
    'an open task whose target does not read is of another machine',
    ['openTaskOn', ' || oddTarget === true', ''],
    [test('workflow/odd-records.test.ts', 'a revert waits for its end')],
  ),
  mutant(
    'a snapshot whose type does not read is no undo snapshot',
    ['systemSnapshotsOf', "{ snapshotType = 'SYSTEM_CREATED' }", "{ snapshotType = '' }"],
    [test('unit/activities/odd-records.test.ts', 'may be one that a revert took')],
  ),
  mutant(
    'a snapshot without a readable expiry is the latest',
    ['latestIn', 'isDated(each) && ', ''],
    [test('unit/activities/odd-records.test.ts', 'is never the latest')],
  ),
  mutant(
    'a machine without a readable name is deleted',
    [
      'reasonToKeep',
      "  if (byId.name === undefined) return 'its name cannot be read';\n  if (!sameName(byId.name, input.name))",
      '  if (byId.name !== undefined && !sameName(byId.name, input.name))',
    ],
    [test('unit/activities/delete-clone.test.ts', 'of which the name or the power state does not read')],
  ),
  mutant(
    'a narrowed list proves absence under any spelling',
    ['usersOf', 'operations: undefined, doubt }', 'operations: undefined, doubt: undefined }'],
    [test('unit/activities/list-vm-tasks.test.ts', 'and prove no absence')],
  ),
  mutant(
    'a list that is refused for its length is empty',
    ['noneOf', ', inconclusive: whyInconclusive(error)', ''],
    [test('unit/activities/list-vm-tasks.test.ts', 'and not conclusive')],
  ),
  mutant(
    "how others' tasks are spelled is taken for ours",
    ['OwnTasks', 'this.started.get(taskId);', "this.started.get(taskId) ?? 'revert';"],
    [test('unit/activities/list-vm-tasks.test.ts', 'as a task of our own start spells us')],
  ),
  mutant(
    'one memo that does not decode ends the list',
    ['readableMemo', 'catch {\n        return undefined;', 'catch (error) {\n        throw error;'],
    [test('workflow/client/sealed-memos.test.ts', 'operations are listed')],
  ),
  mutant(
    'a run whose memo does not decode is not described',
    ['readableMemos', 'delete fields[key]', 'void key'],
    [test('workflow/client/sealed-memos.test.ts', 'a clone whose lock id such a run has')],
  ),
  mutant(
    'clones without search attributes recorded nothing',
    ['clonesThatMayHaveMade', ' OR ${attribute} IS NULL', ''],
    [test('unit/activities/strays.test.ts', 'its caller set no search attribute')],
  ),
  mutant(
    'all clones are read to find one of an own name',
    ['clonesThatMayHaveMade', ' AND (${attribute} IN (${names}) OR ${attribute} IS NULL)', ''],
    [test('unit/activities/strays.test.ts', 'clones of other names are not read')],
  ),
];
