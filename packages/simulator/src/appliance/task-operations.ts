import { VapiError } from '../http/errors';
import type { Operation } from '../http/operation';
import { matches, queryValues, requireKnownParameters, requireMembers } from '../http/read-request';
import type { Task } from '../world/tasks';
import { spelledAccount, type AccountSpelling } from '../world/users';
import type { World } from '../world/world';
import { authorize } from './authorize';

const TASKS = '/api/snapservice/tasks';
const FILTERS = ['tasks', 'operations', 'services', 'status', 'users'] as const;
const STATUSES = ['PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'];
/** The documented limit of one list; more matches are an error, not a cut list. */
const MAX_MATCHES = 1000;

function filterTasks(world: World, query: URLSearchParams): Task[] {
  requireKnownParameters(query, FILTERS);
  const [ids, operations, services, status, users] = FILTERS.map((name) => queryValues(query, name));
  if (!ids && !services) {
    throw new VapiError('INVALID_ARGUMENT', 'Either tasks or services must be given.');
  }
  requireMembers(status, STATUSES, 'status');
  return world.tasks
    .listed()
    .filter((task) => matches(ids, task.id) && matches(operations, task.operation))
    .filter((task) => matches(services, task.service) && matches(status, task.status))
    .filter((task) => matches(users, spelledAccount(task.cause.user, world.settings.taskUser)));
}

/** Reading tasks. There is no operation that cancels one. */
export function taskOperations(world: World): Operation[] {
  return [
    {
      name: 'tasks.list',
      method: 'GET',
      path: TASKS,
      answer: (call) => {
        authorize(world, call, ['System.Read']);
        const tasks = filterTasks(world, call.query);
        if (tasks.length > MAX_MATCHES) {
          throw new VapiError('RESOURCE_INACCESSIBLE', `More than ${MAX_MATCHES} tasks match the filter.`);
        }
        const items = tasks.map((task) => ({
          task: task.id,
          info: describeTask(task, world.settings.taskUser),
        }));
        return { status: 200, body: { items } };
      },
    },
    {
      name: 'tasks.get',
      method: 'GET',
      path: `${TASKS}/:task`,
      answer: (call) => {
        authorize(world, call, ['System.Read']);
        const id = call.params['task'] ?? '';
        const task = world.tasks.get(id);
        if (!task) throw new VapiError('NOT_FOUND', `The task ${id} was not found.`, [id]);
        return { status: 200, body: describeTask(task, world.settings.taskUser) };
      },
    },
  ];
}

function message(id: string, text: string, args: string[]) {
  return { id: `com.vmware.snapservice.${id}`, default_message: text, args };
}

function iso(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : new Date(moment).toISOString();
}

function progress(task: Task) {
  const completed = Math.floor(task.completed);
  const text = `${task.operation} of ${task.target.id}: ${completed} of 100.`;
  return { total: 100, completed, message: message('progress', text, [task.target.id]) };
}

/** The fields that a status brings with it: Tasks.Info is a union tagged by status. */
function statusFields(task: Task): Record<string, unknown> {
  const running = { start_time: iso(task.startTimeMs), progress: progress(task), result: task.result };
  switch (task.status) {
    case 'PENDING':
      return {};
    case 'SUCCEEDED':
      return { ...running, end_time: iso(task.endTimeMs) };
    case 'FAILED':
      return { ...running, end_time: iso(task.endTimeMs), error: task.error };
    default:
      return running;
  }
}

/** Tasks.Info. Members that are undefined are left out by JSON. */
export function describeTask(task: Task, taskUser: AccountSpelling): Record<string, unknown> {
  const text = `${task.operation} of ${task.target.id}`;
  return {
    description: message(`${task.operation}.description`, text, [task.target.id]),
    service: task.service,
    operation: task.operation,
    target: task.target,
    status: task.status,
    cancelable: false,
    user: spelledAccount(task.cause.user, taskUser),
    ...statusFields(task),
  };
}
