/*
 * The simulated world and what changes it.
 *
 * world.ts                  everything that a simulator knows
 * inventory.ts              datacenters, folders, clusters, machines
 * inventory-schema.ts       an inventory file
 * check-inventory-links.ts  its references
 * describe-inventory.ts     the inventory as such a file
 * default-inventory.ts      the inventory without a file
 * default-vms.ts            its machines
 * default-snapshots.ts      their snapshots
 * look-up.ts                finds objects, or fails as the server does
 * ids.ts                    ids as the servers give them
 * ledger.ts                 every effect with its cause
 * task.ts                   a task
 * tasks.ts                  all tasks: accept, progress, end
 * accept-task.ts            accepts a task of a service
 * add-ended-tasks.ts        tasks that ended before
 * scheduler.ts              what happens later
 * clock.ts                  time of the world
 * seeded-random.ts          chance from a seed
 * start-new-vm.ts           a clone or restore
 * create-vm.ts              a machine from a snapshot
 * start-revert.ts           a revert
 * start-group-snapshot.ts   a snapshot of a group
 * take-snapshot.ts          a snapshot of a machine
 * delete-vm.ts              deletes a machine
 * set-power.ts              powers a machine
 * placement.ts              where a new machine goes
 * require-free-name.ts      names: valid and free
 * kept-name.ts              names as vCenter keeps them
 * require-privilege.ts      privileges of a user
 * require-snapshot.ts       a snapshot of a machine, or an error
 * users.ts                  users, passwords, roles
 * account-spelling.ts       how tasks spell a user
 * sessions.ts               sessions and their limits
 * settings.ts               what the control port can set
 * odd-records.ts            records that are told in another way than documented
 * releases.ts               which release a server understands
 */
import { Assertions } from '../sts/assertions';
import type { Clock } from './clock';
import { Ids } from './ids';
import { createInventory, type Inventory } from './inventory';
import type { ParsedInventory } from './inventory-schema';
import { defaultInventory } from './default-inventory';
import { Ledger } from './ledger';
import { Scheduler } from './scheduler';
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
