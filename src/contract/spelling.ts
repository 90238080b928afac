/**
 * What vCenter escapes in the names of its objects. It keeps and shows them so, and takes them in either form
 * (VI API, `ManagedEntity.name`).
 */
const ESCAPES = { '/': '%2f', '\\': '%5c', '%': '%25' } as const;
const PLAIN: Readonly<Record<string, string>> = { '%2f': '/', '%5c': '\\', '%25': '%' };

/** A name as a person writes it: unescaped, without blanks at the ends, composed (NFC). Case is kept. */
const plainName = (name: string): string =>
  name
    .replaceAll(/%(?:2f|5c|25)/gi, (escape) => PLAIN[escape.toLowerCase()] ?? escape)
    .trim()
    .normalize('NFC');

/** One text for all spellings that vCenter takes for one name. */
export const nameKey = (name: string): string => plainName(name).toLowerCase();

/** Whether vCenter takes two texts for one name. */
export const sameName = (one: string, other: string): boolean => nameKey(one) === nameKey(other);

/** The forms in which a server may keep a name: a filter by name is exact, so it is asked for all of them. */
export function nameForms(name: string): readonly string[] {
  const plain = plainName(name);
  const kept = escapedName(plain);
  return [...new Set([name, plain, kept, kept.normalize('NFD')])];
}

const escapedName = (plain: string): string =>
  plain.replaceAll(/[/\\%]/g, (character) => ESCAPES[character as keyof typeof ESCAPES]);

/** A name near to one that a new machine cannot have, and that it can. Empty where nothing is left. */
export const suggestedName = (name: string): string =>
  name
    .replaceAll(/[/\\%]/g, '-')
    .replaceAll(/\p{Cf}/gu, '')
    .trim();

/** `unknown` is neither: such an account proves nothing and excludes nothing. */
export type AccountMatch = 'same' | 'other' | 'unknown';

/**
 * Whether two texts name one account. vSphere writes one account as `name@domain`, `DOMAIN\name` and in any case. The
 * same name under an unlike domain may be an alias, and a text without a domain may be anything: both are unknown.
 */
export function compareAccounts(one: string, another: string): AccountMatch {
  if (folded(one) === folded(another)) return 'same';
  const [left, right] = [accountParts(one), accountParts(another)];
  if (left === undefined || right === undefined) return 'unknown';
  if (left.name !== right.name) return 'other';
  return left.domain === right.domain ? 'same' : 'unknown';
}

const folded = (account: string): string => account.trim().normalize('NFC').toLowerCase();

interface AccountParts {
  readonly name: string;
  readonly domain: string;
}

/** Undefined where there is no domain. */
function accountParts(account: string): AccountParts | undefined {
  const { downLevel, name, principal, realm } =
    /^(?:(?<downLevel>[^\\]+)\\(?<name>[^\\]+)|(?<principal>.+)@(?<realm>[^@]+))$/su.exec(folded(account))
      ?.groups ?? {};
  if (downLevel !== undefined && name !== undefined) return { domain: downLevel, name };
  return principal === undefined || realm === undefined ? undefined : { domain: realm, name: principal };
}

const accountName = (account: string): string => accountParts(account)?.name ?? folded(account);

/**
 * An account as vSphere has been seen to spell it, for a filter, which is exact. What such a list leaves out may be there
 * in yet another spelling.
 */
export function accountSpellings(account: string): readonly string[] {
  const parts = accountParts(account);
  if (parts === undefined) return [account];
  const { name, domain } = parts;
  const start = folded(account).indexOf(name);
  const names = new Set([
    account
      .trim()
      .normalize('NFC')
      .slice(start, start + name.length),
    name,
  ]);
  const domains = [domain, domain.toUpperCase()];
  const spelled = [...names].flatMap((each) => domains.flatMap((of) => [`${each}@${of}`, `${of}\\${each}`]));
  return [...new Set([account, ...spelled])];
}

/**
 * By what tasks are compared from now on, once a task of our own has shown how the service spells our account: without a
 * domain, or with the domain's other name. A task under another name teaches nothing.
 */
export const learnedAccount = (told: string, shown: string | undefined): string =>
  shown !== undefined && accountName(shown) === accountName(told) && compareAccounts(told, shown) !== 'same'
    ? shown
    : told;
