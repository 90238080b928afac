/*
 * The simulated world and what changes it.
 *
 * world.ts              everything that a simulator knows
 * inventory.ts          datacenters, folders, clusters, machines
 * inventory-schema.ts   an inventory file and its references
 * default-inventory.ts  the inventory without a file
 * look-up.ts            finds objects, or fails as the server does
 * ids.ts                ids as the servers give them, from a seed
 * ledger.ts             every effect with its cause
 * tasks.ts              all tasks: accept, progress, end
 * accept-task.ts        accepts a task of a service, or adds one that has ended
 * clock.ts              time of the world, and what happens later
 * starts.ts             a clone or restore, a revert, a snapshot of a group
 * machines.ts           makes, places, powers, snapshots, deletes a machine
 * sessions.ts           sessions of a host
 * users.ts              accounts, their privileges and spellings
 * settings.ts           what the control port changes
 * releases.ts           which release a server has
 */
import { Assertions } from '../sts/assertions';
import { type Clock, Scheduler } from './clock';
import { Ids } from './ids';
import { createInventory, type Inventory } from './inventory';
import type { ParsedInventory } from './inventory-schema';
import { defaultInventory } from './default-inventory';
import { Ledger } from './ledger';
import { Sessions } from './sessions';
import type { Settings } from './settings';
import { Tasks } from './tasks';
import { Users, type Passwords } from './users';

/** Everything that the simulated site consists of. */
export interface World {
  readonly release: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly ids: Ids;
  readonly settings: Settings;
  readonly inventory: Inventory;
  readonly users: Users;
  readonly applianceSessions: Sessions;
  readonly vcenterSessions: Sessions;
  /** What the token service issued. */
  readonly assertions: Assertions;
  readonly tasks: Tasks;
  readonly ledger: Ledger;
  /** The appliance's own clock, which `clockSkewMs` moves away from everybody else's. */
  applianceNowMs(): number;
}

export interface WorldOptions extends Passwords {
  readonly release: string;
  readonly clock: Clock;
  readonly seed: number;
  readonly settings: Settings;
  readonly inventory?: ParsedInventory | undefined;
}

export function createWorld({
  release,
  clock,
  seed,
  settings,
  inventory,
  ...passwords
}: WorldOptions): World {
  const scheduler = new Scheduler(clock);
  const ids = new Ids(seed);
  return {
    release,
    clock,
    scheduler,
    ids,
    settings,
    inventory: createInventory(inventory ?? defaultInventory(ids), clock.now()),
    users: new Users(passwords),
    applianceSessions: new Sessions(clock, settings),
    vcenterSessions: new Sessions(clock, settings),
    assertions: new Assertions(clock, settings),
    tasks: new Tasks(clock, scheduler, settings),
    ledger: new Ledger(clock),
    applianceNowMs: () => clock.now() + settings.clockSkewMs,
  };
}
