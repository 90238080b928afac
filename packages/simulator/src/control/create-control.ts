import fastify, { type FastifyInstance } from 'fastify';
import type { Site } from '../http/serve-call';
import { ControlError } from './control-error';
import { controlFaults } from './control-faults';
import { controlRecords } from './control-records';
import { controlSettings } from './control-settings';
import { controlTasks } from './control-tasks';
import { controlVms } from './control-vms';

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
