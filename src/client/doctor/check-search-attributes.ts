import type { Check } from '../../contract/check';
import { isCloud, replaceByHand } from '../set-up/by-hand';
import { readAttributes, type RegisteredAttribute } from '../set-up/read-attributes';
import type { TemporalLink } from '../temporal-link';

/** That our search attributes are registered, each as Keyword. */
export const checkSearchAttributes = async (
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly Check[]> => {
  const about = { check: 'search-attributes', subject: link.namespace } as const;
  const found = await readAttributes(link, signal);
  if (found === undefined) return [{ ...about, ...unreadable(link) }];
  const missing = found.filter(({ type }) => type === undefined).map(({ name }) => name);
  const wrong = found.filter(({ type, isKeyword }) => type !== undefined && !isKeyword);
  if (missing.length === 0 && wrong.length === 0)
    return [{ ...about, state: 'ok', message: `all ${found.length} are registered` }];
  return [
    ...(missing.length === 0 ? [] : [{ ...about, ...absent(missing) }]),
    ...wrong.map((attribute) => ({ ...about, ...ofWrongType(link, attribute) })),
  ];
};

type Found = Required<Pick<Check, 'state' | 'message' | 'remedy'>>;

const unreadable = (link: TemporalLink): Found => ({
  state: 'warning',
  message: 'this server does not tell them',
  remedy: isCloud(link)
    ? `compare them with snapflow setup: tcld namespace get --namespace ${link.namespace}`
    : 'ask whoever operates the server, or let the account use the operator service',
});

/** Operations start without them, too; lists then read the memo. */
const absent = (names: readonly string[]): Found => ({
  state: 'failed',
  message: `missing: ${names.join(', ')}; operations start without them and cannot be searched for`,
  remedy: 'snapflow setup',
});

const ofWrongType = (link: TemporalLink, { name, type }: RegisteredAttribute): Found => ({
  state: 'failed',
  message: `${name} is of the type ${type}, not Keyword`,
  remedy: `${replaceByHand(link, [name]).join(', ')}, then snapflow setup`,
});
