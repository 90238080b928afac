import type { CallOptions } from './call-options';

/** A managed object: `{type: 'VirtualMachine', id: 'vm-1'}`. */
export interface Entity {
  readonly type: string;
  readonly id: string;
}

/** Whether the session's account may do something, asked through VI/JSON. */
export interface Privileges {
  /** The user name to ask privileges for, as vCenter spells it (UPN or `DOMAIN\user`). */
  currentUser(options?: CallOptions): Promise<string>;
  /** The folder above everything. */
  rootFolder(options?: CallOptions): Promise<Entity>;
  /** One answer per entity, in the order asked, with every asked privilege. The account needs System.View on each. */
  check(
    entities: readonly Entity[],
    privilegeIds: readonly string[],
    options?: CallOptions,
  ): Promise<{ entity: Entity; granted: Record<string, boolean> }[]>;
}
