import type { Clock } from './world/clock';
import type { InventoryFile } from './world/inventory-schema';
import type { Settings } from './world/settings';

/** How the simulator starts; everything has a default. */
export interface SimulatorOptions extends Partial<Settings> {
  /** 0 (the default) takes a free port. */
  readonly vcenterPort?: number;
  readonly appliancePort?: number;
  readonly controlPort?: number;
  /** HTTPS with a certificate of a fresh authority. */
  readonly tls?: boolean;
  /** HTTPS with a certificate of one's own; both or neither. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Path of a JSON file, or the inventory itself. */
  readonly inventory?: string | InventoryFile;
  /** From which ids and random choices of fault rules follow; 1 by default. */
  readonly seed?: number;
  /** 9.1.0.0 by default, or 9.0.0.0, or 8.0.3.0, whose appliance has no sessions. */
  readonly release?: string;
  /** Fresh random ones by default. */
  readonly password?: string;
  readonly limitedPassword?: string;
  /** The system's clock by default. */
  readonly clock?: Clock;
}
