import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

const CASE = [test('workflow/clone/names.test.ts', 'that was renamed in case alone is its own')];

/** Guards of what a name or an id means. */
export const NAMES: readonly Mutant[] = [
  mutant(
    'a name in another spelling is another name',
    ['nameKey', 'plainName(name).toLowerCase()', 'name.toLowerCase()'],
    [test('unit/contract/spelling.test.ts', 'are one name, and one lock')],
  ),
  mutant(
    'the lock of a name is by its letters',
    ['cloneNameLockId', 'nameKey(name)', 'name.toLowerCase()'],
    [test('unit/contract/spelling.test.ts', 'are one name, and one lock')],
  ),
  mutant(
    'a name is asked for in one form',
    ['nameForms', "new Set([name, plain, kept, kept.normalize('NFD')])", 'new Set([name])'],
    [
      test('unit/contract/spelling.test.ts', 'a filter for the name'),
      test('workflow/clone/names.test.ts', 'a source whose name vCenter keeps escaped'),
    ],
  ),
  mutant(
    'a machine renamed in case alone is not deleted',
    ['reasonToKeep', '!sameName(byId.name, input.name)', 'byId.name !== input.name'],
    [test('unit/activities/delete-clone.test.ts', 'renamed in case alone: is deleted'), ...CASE],
  ),
  mutant(
    'a machine renamed in case alone is warned of',
    ['deviations', '!sameName(vm.name, name)', 'vm.name !== name'],
    CASE,
  ),
  mutant(
    'the allow-list is by letter',
    ['matches', 'test(nameKey(name))', 'test(name)'],
    [test('unit/activities/assert-allowed.test.ts', 'the pattern')],
  ),
  mutant(
    'a name that is taken in another case is not found',
    [
      'startLinkedClone',
      '{ requestId: callerId() }, vmsNamedInAnyCase',
      '{ requestId: callerId() }, vmsNamed',
    ],
    [test('workflow/clone/names.test.ts', 'whose name is taken in another case')],
  ),
  mutant(
    'a new name may hold what vCenter escapes',
    ['newName', String.raw`/^[^/\\%]*$/u`, '/^/u'],
    [test('unit/request/parse.test.ts', 'is refused with a name that is like it')],
  ),
  mutant(
    'a new name may be invisible',
    ['newName', String.raw`/^\P{Cf}*$/u`, '/^/u'],
    [test('unit/request/parse.test.ts', 'is refused with a name that is like it')],
  ),
  mutant(
    'a new name may end with blanks',
    ['newName', String.raw`/^\S(?:.*\S)?$/su`, '/^/u'],
    [test('unit/request/parse.test.ts', 'is refused with a name that is like it')],
  ),
  mutant(
    'an id wins over the name of another machine',
    [
      'matched',
      '...byName.filter(({ id }) => !byId.some((each) => each.id === id))',
      '...(byId.length > 0 ? [] : byName)',
    ],
    [test('workflow/clone/names.test.ts', 'the id of one machine that is the name of another')],
  ),
  mutant(
    '`latest` wins over a snapshot that is called so',
    ['latestOf', 'if (called.length === 0)', 'if (called.length >= 0)'],
    [test('workflow/clone/names.test.ts', 'where another snapshot is called so')],
  ),
  mutant(
    'more folders than a list takes are waited for',
    ['unlessTooLong', "'UNABLE_TO_ALLOCATE_RESOURCE'", "''"],
    [test('workflow/clone/names.test.ts', 'are told by their ids alone, a machine of one')],
  ),
  mutant(
    'a place of another datacenter is taken',
    ['onlyOneIn', 'byId(within), byName(within)', 'byId({}), byName({})'],
    [test('workflow/clone/names.test.ts', 'in another datacenter: is refused before any post')],
  ),
  mutant(
    'a host that is not connected is taken',
    ['resolveHost', 'UNREACHABLE_HOSTS.includes(connectionState)', "UNREACHABLE_HOSTS.includes('')"],
    [test('workflow/clone/names.test.ts', 'is refused before any post')],
  ),
  mutant(
    'a machine that was renamed is no trace',
    ['whyNotPosted', 'if (stray !== undefined)', "if (stray?.taskId === '')"],
    [
      test('unit/workflows/decide.test.ts', 'asks about a machine of another name'),
      test('workflow/faults/strays.test.ts', 'asks an operator, and is not made twice'),
    ],
  ),
  mutant(
    "another request's machine is a stray",
    ['isExplained', 'isRecorded(clone, vm, taskId)', 'clone.name === vm.name'],
    [test('workflow/faults/strays.test.ts', 'other requests made meanwhile')],
  ),
  mutant(
    'a machine that no list shows is gone',
    ['isExplained', 'isGone(connection, vmId, options)', 'true'],
    [test('unit/activities/strays.test.ts', 'was moved to where the account may not look')],
  ),
];
