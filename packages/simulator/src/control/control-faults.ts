import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultActionSchema } from '../faults/fault-action';
import { faultRuleSchema } from '../faults/fault-rule';
import type { Site } from '../http/serve-call';
import { ControlError } from './control-error';
import { readControlBody } from './read-control-body';

const releaseSchema = z.strictObject({ action: faultActionSchema.optional() });

/** Fault rules, and the calls that they hold. */
export function controlFaults(app: FastifyInstance, { rules, holds }: Site): void {
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
