import { SEARCH_ATTRIBUTES } from '../../contract/names';
import { temporalCall } from '../temporal-call';
import type { TemporalLink } from '../temporal-link';
import { KEYWORD, typeName } from './attribute-types';
import { isRefusedHere } from '../is-refused-here';

/** How one of our search attributes is registered. */
export interface RegisteredAttribute {
  readonly name: string;
  /** Absent when it is not registered. */
  readonly type?: string;
  readonly isKeyword: boolean;
}

/** Our search attributes as the namespace has them; undefined where this server does not tell us. */
export const readAttributes = async (
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly RegisteredAttribute[] | undefined> => {
  const { namespace, client } = link;
  const list = () => client.connection.operatorService.listSearchAttributes({ namespace });
  try {
    const { customAttributes } = await temporalCall(link, list, signal);
    return Object.values(SEARCH_ATTRIBUTES).map((name) => registered(name, customAttributes?.[name]));
  } catch (error) {
    if (isRefusedHere(error)) return undefined;
    throw error;
  }
};

const registered = (name: string, type: number | undefined): RegisteredAttribute => ({
  name,
  ...(type === undefined ? {} : { type: typeName(type) }),
  isKeyword: type === KEYWORD,
});
