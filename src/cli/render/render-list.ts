import type { ListedOperation } from '../../client';
import { formatSpan } from './format-span';
import { table } from './table';

/** Operations as a table, one line each. */
export const renderList = (operations: readonly ListedOperation[], now: Date): string =>
  table(
    ['ID', 'OPERATION', 'STATE', 'VM', 'SNAPSHOT', 'NAME', 'AGE'],
    operations.map(({ id, operation, state, condition, vm, snapshot, name, startedAt }) => [
      id,
      operation,
      condition ?? state,
      vm,
      snapshot,
      name ?? '-',
      formatSpan(now.getTime() - Date.parse(startedAt)),
    ]),
  );
