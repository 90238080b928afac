import type { FastifyInstance } from 'fastify';
import type { Site } from '../http/serve-call';
import { describeInventory } from '../world/inventory';
import type { Session } from '../world/sessions';
import type { Task } from '../world/tasks';

function describeSession({ key, user, createdMs, lastAccessedMs }: Session) {
  return {
    key,
    user,
    createdAt: new Date(createdMs).toISOString(),
    lastAccessedAt: new Date(lastAccessedMs).toISOString(),
  };
}

function describeTask({ id, kind, status, target, cause, result, hidden }: Task) {
  return { task: id, kind, status, vm: target.id, user: cause.user, call: cause.call, result, hidden };
}

function describeCalls({ counts, world }: Site) {
  const appliance = world.applianceSessions.all().length;
  const vcenter = world.vcenterSessions.all().length;
  return { ...counts.describe(), openSessions: appliance + vcenter, sessions: { appliance, vcenter } };
}

function describeState({ world }: Site) {
  return {
    release: world.release,
    now: new Date(world.clock.now()).toISOString(),
    settings: world.settings,
    inventory: describeInventory(world.inventory),
    tasks: world.tasks.all().map(describeTask),
    users: world.users.all().map(({ name, lacking }) => ({ user: name, lacking: [...lacking] })),
    sessions: {
      appliance: world.applianceSessions.all().map(describeSession),
      vcenter: world.vcenterSessions.all().map(describeSession),
    },
  };
}

/** What happened and how things are: ledger, calls, state. */
export function controlRecords(app: FastifyInstance, site: Site): void {
  app.get('/ledger', async () => site.world.ledger.all());
  app.get('/calls', async () => describeCalls(site));
  app.delete('/calls', async () => {
    site.counts.reset();
    return describeCalls(site);
  });
  app.get('/state', async () => describeState(site));
}
