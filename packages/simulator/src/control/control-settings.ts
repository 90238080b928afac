import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Site } from '../http/serve-call';
import { settingsSchema } from '../world/settings';
import { ControlError } from './control-error';
import { readControlBody } from './read-control-body';

const names = z.array(z.string().min(1)).default([]);
const userPatch = z.strictObject({
  password: z.string().min(1).optional(),
  privileges: z.strictObject({ add: names, remove: names }).optional(),
});

/** Settings, sessions and users. */
export function controlSettings(app: FastifyInstance, { world }: Site): void {
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
