/* The name of a clone that asks for one of its own (`uniqueName`): `<name>-<nonce>`, for example `ci-42-k3f9x2ab`. */

/** Crockford's base 32: no letter of it is taken for another one. */
const BASE_32 = '0123456789abcdefghjkmnpqrstvwxyz';

/** 40 bits: two requests of one name share a nonce about never. If they do, the second finds its name taken. */
const NONCE_CHARACTERS = 8;

/** What a nonce is like. */
export const NONCE = new RegExp(`^[${BASE_32}]{${NONCE_CHARACTERS}}$`);

/** vCenter's own limit for the name of a virtual machine. */
export const MAX_NAME_CHARACTERS = 80;

/** How long the name that is asked for may be, so that the suffix fits. */
export const MAX_PREFIX_CHARACTERS = MAX_NAME_CHARACTERS - NONCE_CHARACTERS - 1;

/** Stands for the nonce of a request that is not made yet, as in a plan. */
export const ANY_NONCE = '?'.repeat(NONCE_CHARACTERS);

/** The name of the machine. */
export const ownName = (name: string, nonce: string): string => `${name}-${nonce}`;

/** The nonce within the own name of a request for `name`. Undefined where it is no such name. */
export function nonceOfName(own: unknown, name: string): string | undefined {
  if (typeof own !== 'string' || !own.startsWith(`${name}-`)) return undefined;
  const nonce = own.slice(name.length + 1);
  return NONCE.test(nonce) ? nonce : undefined;
}

/** Hexadecimal digits that make a nonce, and how many of its characters they make. */
const DIGITS = 10;
const BITS_A_CHARACTER = 5;

/** The nonce of a UUID: its last 40 bits, which are chance in each version that Temporal makes run ids of. */
export function nonceOfUuid(uuid: string): string {
  let left = Number.parseInt(uuid.replaceAll('-', '').slice(-DIGITS), 16);
  let nonce = '';
  while (nonce.length < NONCE_CHARACTERS) {
    nonce = `${BASE_32[left % 2 ** BITS_A_CHARACTER] ?? ''}${nonce}`;
    left = Math.floor(left / 2 ** BITS_A_CHARACTER);
  }
  return nonce;
}
