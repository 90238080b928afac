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
