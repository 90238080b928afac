import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NeededPrivilege } from '../../../src/activities/checks';
import { clonePrivileges } from '../../../src/activities/plan-clone';
import { revertPrivileges } from '../../../src/activities/revert';
import { onlyBlock } from '../../pages/page-blocks';

const PAGE = readFileSync(join(__dirname, '../../../docs/security.md'), 'utf8');

const ids = { clusterId: 'c', vmId: 'v', folderId: 'f' };
const OPTIONS: Readonly<Record<string, readonly NeededPrivilege[]>> = {
  clone: clonePrivileges({}, ids),
  'clone --resource-pool': clonePrivileges({}, { ...ids, poolId: 'p' }),
  'clone --power-on': clonePrivileges({ powerOn: true }, ids),
  revert: revertPrivileges({}, ids),
  'revert --restore-power': revertPrivileges({ restorePower: true }, ids),
};

const KINDS: Readonly<Record<string, string>> = {
  ClusterComputeResource: 'cluster',
  VirtualMachine: 'virtual machine',
  Folder: 'folder',
  ResourcePool: 'resource pool',
};

/** As the code asks: what each option adds to its operation without options. */
const expectedRows = Object.entries(OPTIONS).flatMap(([called, needed]) => {
  const [operation = '', option] = called.split(' ');
  const plain = (OPTIONS[operation] ?? []).map(({ privilege }) => privilege);
  return needed
    .filter(({ privilege }) => option === undefined || !plain.includes(privilege))
    .map(({ privilege, entity, doubt }) => {
      const when = option === undefined ? 'always' : `with \`${option}\``;
      const needed = doubt === undefined ? when : 'to undo it; its lack is a warning';
      return [operation, KINDS[entity.type], `\`${privilege}\``, needed].join(' | ');
    });
});

test('the page lists exactly the privileges that the operations ask for, on the objects on which they do', () => {
  const rows = [...PAGE.matchAll(/^\| (clone|revert) .*\|$/gm)].map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
      .join(' | '),
  );
  expect(rows.toSorted()).toEqual(expectedRows.toSorted());
});

test('the roles of the page grant exactly these, each on its kind of object', () => {
  const roles = new Map(
    onlyBlock('docs/security.md', 'sh govc').flatMap((line) => {
      const [, role = '', privileges = ''] = /^govc role\.create (\w+) (.*)$/.exec(line) ?? [];
      return role === '' ? [] : [[role, privileges.split(' ').toSorted()] as const];
    }),
  );
  const on = (kind: string) =>
    [
      ...new Set(
        Object.values(OPTIONS)
          .flat()
          .filter(({ entity }) => entity.type === kind)
          .map(({ privilege }) => privilege),
      ),
    ].toSorted();
  expect(Object.fromEntries(roles)).toEqual({
    SnapflowCluster: on('ClusterComputeResource'),
    SnapflowSource: on('VirtualMachine'),
    SnapflowClones: on('Folder'),
    SnapflowPool: on('ResourcePool'),
  });
});

test('every role that is granted is created before, or comes with vSphere', () => {
  const lines = onlyBlock('docs/security.md', 'sh govc');
  const created = lines.flatMap((line) => /^govc role\.create (\w+)/.exec(line)?.[1] ?? []);
  const granted = lines.flatMap((line) => / -role (\w+) /.exec(line)?.[1] ?? []);
  expect(granted.filter((role) => role !== 'ReadOnly').toSorted()).toEqual(created.toSorted());
  expect(granted.length + created.length).toBe(lines.length);
});
