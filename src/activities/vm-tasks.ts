import type { ObservedTask } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { Operation } from '../contract/operations';
import { OPEN_STATUSES } from '../contract/service';
import { accountSpellings } from '../contract/spelling';
import {
  VM_TASK_SERVICE,
  VsphereError,
  type CallOptions,
  type Listed,
  type ListedTask,
  type TaskFilter,
} from '../vsphere';
import type { Connection } from './connection';

/** A task, and what histories need not hold of it. */
export interface SeenTask extends ObservedTask {
  /** By the appliance's clock. */
  readonly startedAt?: string;
}

/** Tasks that lists show. */
interface SeenTasks {
  readonly tasks: readonly SeenTask[];
  /** Why there may be others, one clause. */
  readonly inconclusive?: string;
}

/**
 * Clone, revert and restore tasks: those that are open, or of any status, unknown ones included. The service refuses a
 * list of more than 1000. Then open tasks of all accounts are listed by status, because none that runs may be missed, and
 * of the ended ones those of our account alone. What ended without success leaves nothing, and another operation's is
 * never this one's: where that is too long as well, neither is listed.
 */
export async function listVmTasks(
  connection: Pick<Connection, 'vsphere' | 'ownTasks'>,
  operation: Operation,
  which: 'open' | 'any',
  options: CallOptions,
): Promise<SeenTasks> {
  const list: List = async (filter) =>
    seen(await connection.vsphere.appliance.listTasks({ services: [VM_TASK_SERVICE], ...filter }, options));
  if (which === 'open') return listOpen(list);
  return unlessTooMany(
    () => list({}),
    async () => {
      const users = await usersOf(connection, operation, options);
      return together(await Promise.all([listOpen(list), listOurs(list, users)]));
    },
  );
}

type List = (filter: TaskFilter) => Promise<SeenTasks>;

const listOpen = (list: List): Promise<SeenTasks> =>
  unlessTooMany(
    () => list({ statuses: OPEN_STATUSES }),
    async () => {
      const ofEach = OPEN_STATUSES.map((status) => unlessTooMany(() => list({ statuses: [status] }), noneOf));
      return together(await Promise.all(ofEach));
    },
  );

interface OurUsers {
  readonly users: readonly string[];
  readonly operations: readonly string[] | undefined;
  /** Why a list that is narrowed to them may leave out some of ours, one clause. */
  readonly doubt: string | undefined;
}

async function usersOf(
  { vsphere, ownTasks }: Pick<Connection, 'vsphere' | 'ownTasks'>,
  operation: Operation,
  options: CallOptions,
): Promise<OurUsers> {
  const shown = ownTasks.spelling(operation);
  if (shown !== undefined) {
    const operations = shown.operation === undefined ? undefined : [shown.operation];
    return { users: [shown.user], operations, doubt: undefined };
  }
  const { user } = await vsphere.appliance.whoAmI(options);
  const doubt = `the service has too many tasks to list all of them, and no ${operation} of this worker has shown yet how it spells ${user} on tasks`;
  return { users: accountSpellings(user), operations: undefined, doubt };
}

async function listOurs(list: List, { users, operations, doubt }: OurUsers): Promise<SeenTasks> {
  const succeeded = { users, statuses: ['SUCCEEDED'] } as const;
  const ours = await unlessTooMany(
    () => list({ users }),
    () =>
      unlessTooMany(
        () => list(succeeded),
        (error) =>
          operations === undefined
            ? noneOf(error)
            : unlessTooMany(() => list({ ...succeeded, operations }), noneOf),
      ),
  );
  return { ...ours, ...omitUndefined({ inconclusive: ours.inconclusive ?? doubt }) };
}

async function unlessTooMany(
  read: () => Promise<SeenTasks>,
  narrower: (error: VsphereError) => SeenTasks | Promise<SeenTasks>,
): Promise<SeenTasks> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof VsphereError) || error.errorType !== 'RESOURCE_INACCESSIBLE') throw error;
    return narrower(error);
  }
}

/** A list that is refused even so shows nothing, which proves nothing. */
const noneOf = (error: VsphereError): SeenTasks => ({ tasks: [], inconclusive: whyInconclusive(error) });

const seen = ({ items, unread }: Listed<ListedTask>): SeenTasks => ({
  tasks: items.map(observed),
  ...omitUndefined({ inconclusive: unread === undefined ? undefined : whyInconclusive(unread) }),
});

export const whyInconclusive = ({ message }: VsphereError): string =>
  `what is there cannot be told: ${message.replace(/\.$/, '')}`;

/** Each task once, as the first of the lists that have it shows it. */
export function together(lists: readonly SeenTasks[]): SeenTasks {
  const byId = new Map(
    lists.flatMap(({ tasks }) => tasks.map((task) => [task.taskId, task] as const)).toReversed(),
  );
  const inconclusive = lists.map((list) => list.inconclusive).find((why) => why !== undefined);
  return { tasks: [...byId.values()].toReversed(), ...omitUndefined({ inconclusive }) };
}

const observed = ({ taskId, info }: ListedTask): SeenTask => ({
  taskId,
  status: info.status,
  ...omitUndefined({
    hasEnded: info.hasEnded,
    targetId: info.target?.id,
    oddTarget: info.oddTarget,
    user: info.user,
    resultId: info.resultId,
    oddResult: info.oddResult,
    startedAt: info.startedAt,
  }),
});
