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
