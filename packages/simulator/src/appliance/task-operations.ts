import type { Operation } from '../http/operation';
import { matches, queryValues, requireKnownParameters, requireMembers } from '../http/query-filter';
import { VapiError } from '../http/vapi-error';
import { spelledAccount } from '../world/account-spelling';
import type { Task } from '../world/task';
import type { World } from '../world/world';
import { authorize } from './authorize';
import { describeTask } from './describe-task';

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
