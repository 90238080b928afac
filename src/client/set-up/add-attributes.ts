import { GRPC, grpcError } from '../grpc-error';
import { temporalCall } from '../temporal-call';
import type { TemporalLink } from '../temporal-link';
import { KEYWORD } from './attribute-types';
import { isRefusedHere } from '../is-refused-here';
import { readAttributes } from './read-attributes';

/**
 * Adds all of them or none.
 * @returns why the server refused; undefined when they are there, also when somebody else was faster
 */
export const addAttributes = async (
  link: TemporalLink,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> => {
  const { namespace, client } = link;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  const add = () => client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  try {
    await temporalCall(link, add, signal);
    return undefined;
  } catch (error) {
    if (isRefusedHere(error)) return 'the server does not let this account';
    const grpc = grpcError(error);
    if (grpc === undefined || !ANSWERS.includes(grpc.code)) throw error;
    return (await areThere(link, names, signal)) ? undefined : firstLine(grpc.details);
  }
};

/** It was understood and refused: no room, or there already. */
const ANSWERS: readonly number[] = [GRPC.INVALID_ARGUMENT, GRPC.ALREADY_EXISTS, GRPC.RESOURCE_EXHAUSTED];

const areThere = async (
  link: TemporalLink,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  const found = await readAttributes(link, signal);
  return (
    found !== undefined && names.every((name) => found.some((one) => one.name === name && one.isKeyword))
  );
};

const firstLine = (details: string): string =>
  (details.split('\n', 1)[0] ?? '').slice(0, 160) || 'no reason given';
