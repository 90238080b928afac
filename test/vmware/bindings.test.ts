import { spawnSync } from 'node:child_process';
import { installBindings } from './installed-clients';
import { runOnSimulator, type Run } from './on-simulator';

const PYTHON =
  spawnSync('python3', ['-c', 'import sys, pip; assert sys.version_info >= (3, 10)']).status === 0;
const inPython = PYTHON ? test : test.skip;
const skipped = PYTHON ? '' : '(skipped: no python3 of 3.10 or newer with pip) ';

describe.each(['9.1.0.0', '9.0.0.0'])("VMware's Python bindings of 9.1.1, on release %s", (release) => {
  let run: Run;
  if (PYTHON)
    beforeAll(async () => {
      const installed = await installBindings();
      if (installed === undefined) throw new Error('python3 has gone');
      const { python, args, packages } = installed;
      run = await runOnSimulator(release, python, args, { PYTHONPATH: packages });
    });

  inPython(`${skipped}log in at the appliance, and read machines and snapshots`, () => {
    expect(run.told).toMatchObject({
      version: release,
      wrongPassword: ['Unauthenticated', 'UNAUTHENTICATED'],
      user: run.simulator.username,
      found: [['vm-1001', 'web-01', 5]],
      snapshots: ['before-upgrade', 'nightly-0410', 'nightly-0411', 'nightly-0412', 'system-before-revert'],
      afterLogout: ['Unauthenticated', 'UNAUTHENTICATED'],
    });
  });

  inPython(`${skipped}clone and revert, follow the tasks, and are refused a taken name by its type`, () => {
    // A revert takes a snapshot first, by which it can be undone.
    expect(run.effects.map(({ kind }) => kind)).toEqual(['clone', 'snapshot', 'revert']);
    const [clone, , revert] = run.effects;
    const ended = { status: 'SUCCEEDED', target: 'vm-1001', user: run.simulator.username, lasted: true };
    expect(run.told).toMatchObject({
      clone: { ...ended, operation: 'linked_clone', task: clone?.task, result: clone?.resultVm },
      revert: { ...ended, operation: 'revert', task: revert?.task, result: null },
      listed: expect.arrayContaining([clone, revert].map((effect) => [effect?.task, 'SUCCEEDED'])),
      takenName: ['AlreadyExists', 'ALREADY_EXISTS'],
      missingTask: ['NotFound', 'NOT_FOUND'],
    });
    expect(run.told['listed']).toHaveLength(2);
  });

  inPython(`${skipped}read a machine of vCenter as complete, which they refuse where a field lacks`, () => {
    expect(run.told).toMatchObject({
      machine: ['web-01', expect.stringMatching(/^POWERED_O/), 2, 4096],
      missingMachine: ['NotFound', 'NOT_FOUND'],
      incompleteMachine: "refused by VMware's type",
    });
  });
});
