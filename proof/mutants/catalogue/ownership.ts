import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of whose machine it is. */
export const OWNERSHIP: readonly Mutant[] = [
  mutant(
    'an answer is taken unchecked',
    ['Operator', 'await checked(open.check, resolution);', 'await Promise.resolve();'],
    [test('workflow/operator/answers.test.ts', 'is refused as an answer, and is neither powered on')],
  ),
  mutant(
    'an answer may name a machine of another name',
    ['checkMachine', '!sameName(found.name, target.name)', "found.name === ''"],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'an answer may name a machine that is older',
    ['checkMachine', '(before.ofOthers ?? [])].includes(vmId)', "(before.ofOthers ?? [])].includes('')"],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'an answer may name what the allow-list forbids',
    ['checkAnswer', 'if (outside.length > 0) refuse(', 'if (outside.length > 99) refuse('],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'a named task may be of another machine',
    ['checkTask', 'refuseForeignTarget(input, task);', ''],
    [test('unit/activities/check-answer.test.ts', 'that failed on another machine')],
  ),
  mutant(
    'what no list shows is gone, and the allow-list with it',
    ['sourceNow', '(await isThere(connection, vmId, options)) ? { name: vmId } : undefined', 'undefined'],
    [test('unit/activities/check-answer.test.ts', 'whose source is in no list of the account')],
  ),
  mutant(
    'the machine of a named task is not checked',
    ['checkAnswer', 'await checkMachine(connection, input, made, options);', ''],
    [test('unit/activities/check-answer.test.ts', 'of a clone of another name')],
  ),
  mutant(
    "another request's machine is a candidate",
    ['isClaimedByOthers', '|| claims.some((claim) => claim.id === id)', '&& claims.length >= 0'],
    [test('unit/workflows/decide.test.ts', 'never adopts what another request recorded')],
  ),
  mutant(
    'adopted although another request may have recorded it',
    ['whyNotAdopted', 'if (claimsUnread !== undefined)', "if (claimsUnread === '')"],
    [test('unit/workflows/decide.test.ts', 'asks before it adopts')],
  ),
  mutant(
    'an answer may name what another request recorded',
    ['refuseClaimed', 'if (why !== undefined) refuse(input, why);', ''],
    [test('unit/activities/check-answer.test.ts', 'is refused')],
  ),
  mutant(
    "another request's machine is deleted",
    ['deleteClone', "if (claimed !== undefined) return { kind: 'kept', why: claimed };", ''],
    [test('unit/activities/delete-clone.test.ts', 'recorded by another request: is kept')],
  ),
  mutant(
    'a forgotten request recorded nothing',
    ['claimsOfOthers', 'if (claimed === undefined && !isOlder)', 'if (claimed?.length === -1)'],
    [test('unit/activities/claims.test.ts', 'is said, not taken for one that did nothing')],
  ),
  mutant(
    'the allow-list of now is not asked before a deletion',
    [
      'deleteClone',
      "if (outside.length > 0) return { kind: 'kept'",
      "if (outside.length > 99) return { kind: 'kept'",
    ],
    [test('unit/activities/delete-clone.test.ts', 'is neither deleted nor powered on')],
  ),
  mutant(
    'the allow-list of now is not asked before a power on',
    ['setPower', 'if (outside.length > 0)', 'if (outside.length > 99)'],
    [test('unit/activities/delete-clone.test.ts', 'is neither deleted nor powered on')],
  ),
  mutant(
    'the allow-list of now is not asked before a post',
    ['guarded', 'if (outside.length > 0)', 'if (outside.length > 99)'],
    [
      test('unit/activities/start-once.test.ts', 'is refused for good'),
      test('workflow/clone/allow-list-tightened.test.ts', 'is not posted, and says so'),
    ],
  ),
  mutant(
    "a run's history that is gone fails its read",
    ['isRunGone', 'code === NOT_FOUND &&', 'code === undefined &&'],
    [
      test('unit/contract/run-gone.test.ts', 'tells whether a run is gone'),
      test('workflow/forgotten-runs.test.ts', 'asks, and posts once when told to'),
    ],
  ),
  mutant(
    'whatever has the id of a lock is one',
    ['runningLock', "type !== LOCK_WORKFLOW || !holderId || typeof originalRunId !== 'string'", 'false'],
    [test('workflow/clone/exclusion.test.ts', 'wait behind a foreign workflow')],
  ),
  mutant(
    'a start on another site is posted',
    ['guarded', 'if (elsewhere !== undefined) return', "if (elsewhere === '') return"],
    [test('workflow/faults/other-site.test.ts', 'has not posted is refused')],
  ),
  mutant(
    'a check on another site counts',
    ['assertSameSite', 'if (elsewhere === undefined) return;', 'if (elsewhere !== null) return;'],
    [test('workflow/faults/other-site.test.ts', 'whose reply was lost is a question')],
  ),
  mutant(
    'a task is looked for on another site',
    [
      'awaitTaskOnSite',
      'if (elsewhere === undefined) return awaitTask',
      "if (elsewhere !== '') return awaitTask",
    ],
    [test('workflow/faults/other-site.test.ts', 'is not taken for gone')],
  ),
  mutant(
    'a request is run again on another site',
    [
      'siteBegun',
      'const before = siteId ?? (await earlier());',
      'const before = mayHavePosted ? undefined : (siteId ?? (await earlier()));',
    ],
    [test('workflow/faults/other-site.test.ts', 'run again there')],
  ),
  mutant(
    'a verification on another site never ends',
    ['unreadElsewhere', 'triedForMs() < connection.settings.waitBudgetMs', 'triedForMs() >= 0'],
    [test('workflow/faults/other-site.test.ts', 'a revert that nobody there can read')],
  ),
  mutant(
    'a power on at another site never ends',
    ['createActivities', "at(where, 'asks-in-time')", 'at(where)'],
    [test('workflow/faults/other-site.test.ts', 'a clone that nobody there can read')],
  ),
  mutant(
    'the site that a request begins on is not recorded',
    ['siteBegun', "return reading('before-start', () => connection.vsphere.identity());", 'return before;'],
    [test('workflow/faults/other-site.test.ts', 'two workers of different sites')],
  ),
  mutant(
    'a machine that a wait took has no owner',
    ['made', '?? sourceOf(input)', ''],
    [test('unit/activities/claims.test.ts', 'once its wait has taken it')],
  ),
  mutant(
    'what was read of another site is shared',
    ['readAlike', 'JSON.stringify([siteId, alike])', 'JSON.stringify([alike])'],
    [test('unit/activities/read-alike.test.ts', 'nothing is shared with another site')],
  ),
  mutant(
    'machines of the last holder are not excluded',
    ['idsIn', '[end.taskId, end.resultId, ', '[end.taskId, '],
    [test('unit/activities/recent-holders.test.ts', 'the machine of the last holder')],
  ),
  {
    name: 'the lock is asked about before the look',
    patches: [
      {
        declaration: 'lookAfterUnknown',
        find: 'const seen = await look(connection, input, options);',
        replace:
          'const wasTaken = input.exclusion !== undefined && (await wasTakenByAnother(input.exclusion));\n  const seen = await look(connection, input, options);',
      },
      { declaration: 'lookAfterUnknown', find: '(await wasTakenByAnother(exclusion))', replace: 'wasTaken' },
    ],
    detectors: [test('unit/activities/contested.test.ts', 'that another request overtook')],
  },
];
