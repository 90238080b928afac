import { mutant, type Mutant } from '../mutant';

const STOPS = ['workflow/faults/clone-stops.test.ts'];
const REVERT_STOPS = ['workflow/faults/revert-stops.test.ts'];

/** Guards of the undo. */
export const UNDO: readonly Mutant[] = [
  mutant(
    'undo before the end',
    [
      'src/workflows/obtain-effect.ts',
      'await steps.awaitTask(decision.taskId, decision.taskId === evidence.ours),',
      "await Promise.race([steps.awaitTask(decision.taskId, decision.taskId === evidence.ours), stop.raised.catch(() => stop.end('nothing is left of it'))]),",
    ],
    STOPS,
  ),
  mutant(
    'undo by name',
    [
      'src/activities/delete-clone.ts',
      'await site.vsphere.vcenter.deleteVm(input.cloneId, options);',
      'await site.vsphere.vcenter.deleteVm((await vmsNamed(site, input, options)).findLast(({ vmId }) => vmId !== input.vmId)?.vmId ?? input.cloneId, options);',
    ],
    [...STOPS, 'workflow/operator/delete.test.ts'],
  ),
  mutant(
    'undo of a powered-on clone',
    [
      'src/activities/delete-clone.ts',
      "if (byId.powerState !== 'POWERED_OFF') return `it is ${byId.powerState}`;",
      '',
    ],
    [...STOPS, 'workflow/operator/delete.test.ts'],
  ),
  mutant(
    'undo not registered first',
    [
      'src/workflows/finish-clone.ts',
      'if (!isKept) await undoClone(prepared, vmId, status);',
      "if (!isKept && name === '') await undoClone(prepared, vmId, status);",
    ],
    STOPS,
  ),
  mutant(
    'a stop is not undone',
    [
      'src/workflows/finish-clone.ts',
      '    await undoClone(prepared, vmId, status);\n    stop.end(',
      '    stop.end(',
    ],
    STOPS,
  ),
  mutant(
    'undo cancellable',
    [
      'src/workflows/linked-clone-vm.ts',
      'return CancellationScope.nonCancellable(async () => {',
      'return CancellationScope.cancellable(async () => {',
    ],
    STOPS,
  ),
  mutant(
    'power state not restored',
    [
      'src/workflows/finish-revert.ts',
      'request.restorePower === true',
      "request.restorePower === true && vmName === ''",
    ],
    ['workflow/revert/happy-path.test.ts'],
  ),
  mutant(
    'an undone revert leaves the machine off',
    [
      'src/workflows/undo-revert.ts',
      "const { warnings } = await restorePower(prepared, baseline.powerState, 'POWERED_OFF', status);",
      "const { warnings } = await restorePower(prepared, 'POWERED_OFF', 'POWERED_OFF', status);",
    ],
    REVERT_STOPS,
  ),
];
