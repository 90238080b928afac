import { MockActivityEnvironment } from '@temporalio/testing';
import type { Connection } from '../../../src/activities/connection';
import { verifyRevert } from '../../../src/activities/verify';
import type { VerifiedRevert } from '../../../src/contract/activities';

const INPUT = {
  connection: 'main',
  clusterId: 'domain-c8',
  vmId: 'vm-1',
  vmName: 'web-01',
  systemSnapshotsBefore: ['before'],
};

/** What a revert is verified as, where the machine has these SYSTEM_CREATED snapshots at its end. */
function verified(...snapshotIds: readonly string[]): Promise<VerifiedRevert> {
  const system = snapshotIds.map((snapshotId) => ({ snapshotId, snapshotType: 'SYSTEM_CREATED' }));
  const appliance = {
    listSnapshots: async () => ({
      items: [...system, { snapshotId: 'nightly', snapshotType: 'SCHEDULED' }],
    }),
  };
  const vcenter = { getPower: async () => 'POWERED_OFF' };
  const connection = { vsphere: { appliance, vcenter } } as unknown as Connection;
  return new MockActivityEnvironment().run(verifyRevert, connection, INPUT);
}

test('the one new SYSTEM_CREATED snapshot is the one that undoes the revert', async () => {
  expect(await verified('before', 'taken')).toMatchObject({ undoSnapshotId: 'taken', warnings: [] });
});

test.each([
  ['two new ones', ['before', 'taken', 'of-another-revert'], 2],
  ['no new one', ['before'], 0],
])('of %s none is named, and a warning says so', async (_title, snapshotIds, count) => {
  const { undoSnapshotId, warnings } = await verified(...snapshotIds);
  expect(undoSnapshotId).toBeUndefined();
  expect(warnings).toEqual([
    {
      type: 'UndoSnapshotUnknown',
      message: `${count} new SYSTEM_CREATED snapshots of web-01 (vm-1): which one undoes this revert cannot be told`,
    },
  ]);
});
