import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { describeTask } from '../appliance/task-operations';
import { faultActionSchema, faultRuleSchema } from '../faults/fault-rules';
import type { Site } from '../http/serve-call';
import { addEndedTasks, endedTasksSchema } from '../world/accept-task';
import { settingsSchema } from '../world/settings';
import type { Task } from '../world/tasks';
import { ControlError, readControlBody } from './control-body';
import { controlRecords } from './control-records';
import { controlVms } from './control-vms';

const taskOverrideSchema = z.union([
  z.strictObject({ forget: z.literal(true) }),
  z.strictObject({ hide: z.boolean() }),
  z.strictObject({
    status: z.string().min(1),
    error: z.record(z.string(), z.unknown()).nullish(),
    result: z.unknown().optional(),
    effect: z.boolean().optional(),
  }),
]);

type TaskOverride = z.output<typeof taskOverrideSchema>;

function overrideTask({ world }: Site, task: Task, override: TaskOverride): void {
  if ('forget' in override) return world.tasks.forget(task.id);
  if ('hide' in override) {
    task.hidden = override.hide;
    return;
  }
  world.tasks.override(task, override);
}

/** Makes a task say something else; also what no real service would say. Adds tasks that have ended before. */
function controlTasks(app: FastifyInstance, site: Site): void {
  app.post('/tasks', async (request, reply) => {
    const tasks = addEndedTasks(site.world, readControlBody(endedTasksSchema, request.body));
    return reply.code(201).send({ tasks });
  });
  app.post<{ Params: { task: string } }>('/tasks/:task', async (request) => {
    const task = site.world.tasks.get(request.params.task);
    if (!task) throw new ControlError(404, `There is no task ${request.params.task}.`);
    overrideTask(site, task, readControlBody(taskOverrideSchema, request.body));
    return { task: task.id, info: describeTask(task, site.world.settings.taskUser) };
  });
}

const names = z.array(z.string().min(1)).default([]);
const userPatch = z.strictObject({
  password: z.string().min(1).optional(),
  privileges: z.strictObject({ add: names, remove: names }).optional(),
});

/** Settings, sessions and users. */
function controlSettings(app: FastifyInstance, { world }: Site): void {
  app.get('/settings', async () => world.settings);
  app.patch('/settings', async (request) => {
    const patch = readControlBody(settingsSchema.partial(), request.body);
    return Object.assign(world.settings, patch);
  });
  app.post('/sessions/expire', async (_request, reply) => {
    world.applianceSessions.closeAll();
    world.vcenterSessions.closeAll();
    world.assertions.forgetAll();
    return reply.code(204).send();
  });
  app.patch<{ Params: { user: string } }>('/users/:user', async (request) => {
    const user = world.users.get(request.params.user);
    if (!user) throw new ControlError(404, `There is no user ${request.params.user}.`);
    const { password, privileges } = readControlBody(userPatch, request.body);
    if (password !== undefined) user.password = password;
    for (const privilege of privileges?.add ?? []) user.lacking.delete(privilege);
    for (const privilege of privileges?.remove ?? []) user.lacking.add(privilege);
    return { user: user.name, lacking: [...user.lacking] };
  });
}

const releaseSchema = z.strictObject({ action: faultActionSchema.optional() });

/** Fault rules, and the calls that they hold. */
function controlFaults(app: FastifyInstance, { rules, holds }: Site): void {
  app.post('/faults', async (request, reply) => {
    const rule = rules.add(readControlBody(faultRuleSchema, request.body));
    if (!rule)
      throw new ControlError(409, 'There are too many fault rules: remove them with DELETE /faults.');
    return reply.code(201).send(rule);
  });
  app.get('/faults', async () => rules.all());
  app.delete('/faults', async (_request, reply) => {
    rules.clear();
    return reply.code(204).send();
  });
  app.get('/holds', async () => holds.describe());
  app.post<{ Params: { hold: string } }>('/holds/:hold/release', async (request, reply) => {
    const { action } = readControlBody(releaseSchema, request.body);
    const { hold } = request.params;
    if (!holds.release(hold, action)) {
      throw new ControlError(404, `Nothing is held as ${hold}: GET /holds lists what is.`);
    }
    return reply.code(204).send();
  });
}

/** Tests hold hundreds of rules at most; no body comes near this. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The control API: loopback only, no authentication, not part of any real system. */
export function createControl(site: Site): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1000 },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.message }),
  );
  app.setNotFoundHandler((request) => {
    throw new ControlError(404, `There is no control call ${request.method} ${request.url}.`);
  });
  for (const mount of [controlRecords, controlFaults, controlSettings, controlTasks, controlVms]) {
    mount(app, site);
  }
  return app;
}
