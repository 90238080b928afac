import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { describeTask } from '../appliance/describe-task';
import type { Site } from '../http/serve-call';
import type { Task } from '../world/task';
import { ControlError } from './control-error';
import { readControlBody } from './read-control-body';

const overrideSchema = z.union([
  z.strictObject({ forget: z.literal(true) }),
  z.strictObject({ hide: z.boolean() }),
  z.strictObject({
    status: z.string().min(1),
    error: z.record(z.string(), z.unknown()).nullish(),
    result: z.unknown().optional(),
    effect: z.boolean().optional(),
  }),
]);

type Override = z.output<typeof overrideSchema>;

function apply({ world }: Site, task: Task, override: Override): void {
  if ('forget' in override) return world.tasks.forget(task.id);
  if ('hide' in override) {
    task.hidden = override.hide;
    return;
  }
  world.tasks.override(task, override);
}

/** Makes a task say something else; also what no real service would say. */
export function controlTasks(app: FastifyInstance, site: Site): void {
  app.post<{ Params: { task: string } }>('/tasks/:task', async (request) => {
    const task = site.world.tasks.get(request.params.task);
    if (!task) throw new ControlError(404, `There is no task ${request.params.task}.`);
    apply(site, task, readControlBody(overrideSchema, request.body));
    return { task: task.id, info: describeTask(task) };
  });
}
