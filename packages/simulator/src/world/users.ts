import { randomBytes } from 'node:crypto';

/** What `FetchUserPrivilegeOnEntities` lists for a user who lacks nothing. */
const PRIVILEGES: readonly string[] = [
  'System.Anonymous',
  'System.View',
  'System.Read',
  'Datastore.AllocateSpace',
  'Host.Config.Storage',
  'Network.Assign',
  'Resource.AssignVMToPool',
  'VirtualMachine.Config.AddNewDisk',
  'VirtualMachine.Config.Rename',
  'VirtualMachine.Interact.PowerOff',
  'VirtualMachine.Interact.PowerOn',
  'VirtualMachine.Interact.Reset',
  'VirtualMachine.Inventory.Create',
  'VirtualMachine.Inventory.CreateFromExisting',
  'VirtualMachine.Inventory.Delete',
  'VirtualMachine.Inventory.Move',
  'VirtualMachine.Provisioning.Clone',
  'VirtualMachine.State.CreateSnapshot',
  'VirtualMachine.State.RemoveSnapshot',
  'VirtualMachine.State.RevertToSnapshot',
];

export const ADMINISTRATOR = 'administrator@vsphere.local';
export const LIMITED_USER = 'limited@vsphere.local';

export interface User {
  readonly name: string;
  password: string;
  readonly lacking: Set<string>;
}

export interface Passwords {
  readonly password?: string | undefined;
  readonly limitedPassword?: string | undefined;
}

/** Secrets are random whatever the seed: nothing that a seed repeats depends on them. */
function freshPassword(): string {
  return `Sim-${randomBytes(12).toString('base64url')}`;
}

/** `DOMAIN\user` and `user@domain` are the same account, in any case. */
function canonical(name: string): string {
  const [domain, user] = name.split('\\');
  return (user === undefined ? name : `${user}@${domain}`).toLowerCase();
}

/** The accounts and what each one may not do. */
export class Users {
  private readonly byName = new Map<string, User>();

  constructor(passwords: Passwords) {
    this.add(ADMINISTRATOR, passwords.password, []);
    this.add(LIMITED_USER, passwords.limitedPassword, [
      'VirtualMachine.Provisioning.Clone',
      'VirtualMachine.Interact.PowerOff',
    ]);
  }

  get(name: string): User | undefined {
    return this.byName.get(canonical(name));
  }

  all(): User[] {
    return [...this.byName.values()];
  }

  authenticate(name: string, password: string): User | undefined {
    const user = this.get(name);
    return user && user.password === password ? user : undefined;
  }

  may(name: string, privilege: string): boolean {
    const user = this.get(name);
    return user !== undefined && !user.lacking.has(privilege);
  }

  privilegesOf(name: string): string[] {
    return PRIVILEGES.filter((privilege) => this.may(name, privilege));
  }

  private add(name: string, password: string | undefined, lacking: readonly string[]): void {
    this.byName.set(name, { name, password: password ?? freshPassword(), lacking: new Set(lacking) });
  }
}

/** How a service may write the account of a session: each has been recorded, but for the last two, which are allowed. */
export const ACCOUNT_SPELLINGS = ['login', 'upper', 'downLevel', 'bare', 'absent'] as const;
export type AccountSpelling = (typeof ACCOUNT_SPELLINGS)[number];

/** An account `user@domain` as tasks name it; undefined where they do not. */
export function spelledAccount(account: string, spelling: AccountSpelling): string | undefined {
  const [user = '', domain = ''] = account.split('@');
  const capital = user.charAt(0).toUpperCase() + user.slice(1);
  switch (spelling) {
    case 'login':
      return account;
    case 'upper':
      return `${capital}@${domain.toUpperCase()}`;
    case 'downLevel':
      return `${domain.toUpperCase()}\\${capital}`;
    case 'bare':
      return user;
    case 'absent':
      return undefined;
  }
}
