import { schedules, test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of the undo. */
export const UNDO: readonly Mutant[] = [
  mutant(
    'undo before the end',
    [
      'obtainEffect',
      "await steps.awaitTask(decision.taskId, decision.phase.kind === 'ours', known.baseline),",
      "await Promise.race([steps.awaitTask(decision.taskId, decision.phase.kind === 'ours', known.baseline), stop.raised.catch(() => stop.end('nothing is left of it'))]),",
    ],
    [schedules('clone', 300), test('workflow/faults/clone-stops.test.ts', 'cancelled again during its undo')],
  ),
  {
    name: 'undo by name',
    patches: [
      {
        declaration: 'reasonToKeep',
        find: 'listVms({ vms: [input.cloneId] }, options);',
        replace: 'listVms({ names: [input.name] }, options);',
      },
      {
        declaration: 'reasonToKeep',
        find: '{ vms: [cloneId], ...where }',
        replace: 'where',
      },
      {
        declaration: 'reasonToKeep',
        find: 'vmId === cloneId &&',
        replace: "vmId !== '' &&",
      },
      {
        declaration: 'deleteClone',
        find: 'vcenter.deleteVm(input.cloneId, options)',
        replace:
          'vcenter.deleteVm((await connection.vsphere.vcenter.listVms({ names: [input.name] }, options))[0]?.vmId ?? input.cloneId, options)',
      },
    ],
    detectors: [test('unit/activities/delete-clone.test.ts')],
  },
  mutant(
    'undo of a powered-on clone',
    ['reasonToKeep', "if (byId.powerState !== 'POWERED_OFF') return `it is ${byId.powerState}`;", ''],
    [
      test('unit/activities/delete-clone.test.ts', 'powered on'),
      test('workflow/faults/clone-stops.test.ts', 'was powered on'),
    ],
  ),
  mutant(
    'undo not registered first',
    [
      'powerOn',
      'if (!isKept) await undoClone(prepared, vmId, context);',
      "if (!isKept && name === '') await undoClone(prepared, vmId, context);",
    ],
    [test('workflow/faults/clone-ends.test.ts', 'is deleted')],
  ),
  mutant(
    'a stop is not undone',
    ['finishClone', '    await undoClone(prepared, vmId, context);\n    stop.end(', '    stop.end('],
    [schedules('clone', 300), test('workflow/faults/clone-stops.test.ts', 'cancelled again during its undo')],
  ),
  mutant(
    'undo cancellable',
    [
      'linkedCloneVm',
      'return CancellationScope.nonCancellable(async () => {',
      'return CancellationScope.cancellable(async () => {',
    ],
    [test('workflow/faults/clone-stops.test.ts', 'cancelled again during its undo')],
  ),
  mutant(
    'power state not restored',
    ['finishRevert', 'request.restorePower === true', "request.restorePower === true && vmName === ''"],
    [test('workflow/revert/happy-path.test.ts', 'with restorePower')],
  ),
  mutant(
    'an undo is begun although what is there cannot be told',
    ['reasonNotToUndo', 'if (now.inconclusive !== undefined) return now.inconclusive;', ''],
    [test('workflow/faults/stale-evidence.test.ts', 'the moment its task ends: no undo is begun')],
  ),
  mutant(
    'an undo is posted although what is there cannot be told',
    [
      'unreadBeforeUndo',
      "purpose === 'undo' && inconclusive !== undefined",
      "purpose === 'undo' && inconclusive === ''",
    ],
    [test('workflow/faults/stale-evidence.test.ts', 'the pause of its undo: nothing more is posted')],
  ),
  mutant(
    'an undone revert leaves the machine off',
    [
      'undoRevert',
      "const { warnings } = await restorePower(prepared, baseline.powerState, 'POWERED_OFF', exclusion, status);",
      "const { warnings } = await restorePower(prepared, 'POWERED_OFF', 'POWERED_OFF', exclusion, status);",
    ],
    [test('workflow/revert/happy-path.test.ts', 'is undone by a revert to its undo snapshot')],
  ),
  mutant(
    'a start is posted whatever has happened to its machine since',
    ['startRevert', 'open !== undefined || input.seen === undefined', 'input.purpose !== undefined'],
    [test('workflow/faults/stale-evidence.test.ts', 'left as it is, and the failure says why')],
  ),
  mutant(
    'what changed before the first post is forgotten',
    ['afterStart', "known.ifStale === 'look'", 'false'],
    [test('workflow/faults/stale-evidence.test.ts', 'what came is the new baseline')],
  ),
  mutant(
    'a foreign revert is adopted after a lost post',
    ['afterLook', 'baseline: { ...look, ...omitUndefined({ ofOthers }) }', 'baseline: known.baseline'],
    [test('workflow/faults/stale-evidence.test.ts', 'what came is the new baseline')],
  ),
  mutant(
    'a reverted machine is powered on without its lock',
    ['setPower', '!(await isHeld(exclusion))', 'false'],
    [test('workflow/faults/stale-evidence.test.ts', 'whose lock is ended from outside')],
  ),
  mutant(
    'verify names one of several undo snapshots',
    ['readReverted', 'taken.length === 1 && unread === undefined', 'unread === undefined'],
    [test('unit/activities/verify-revert.test.ts', 'none is named')],
  ),
];
