import { SEARCH_ATTRIBUTES } from '../../contract/names';
import type { AttributeSetUp, SetUpResult } from '../../contract/set-up';
import type { TemporalLink } from '../temporal-link';
import { addAttributes } from './add-attributes';
import { addByHand, AGAIN, isCloud, replaceByHand } from './by-hand';
import { readAttributes, type RegisteredAttribute } from './read-attributes';
import { untilUsable } from './until-usable';

/** Registers our search attributes on the namespace. See `Snapflow.setUp`. */
export const setUp = async (link: TemporalLink, signal?: AbortSignal): Promise<SetUpResult> => {
  const found = await readAttributes(link, signal);
  if (found === undefined) return unreadable(link);
  const wrong = found.filter(({ type, isKeyword }) => type !== undefined && !isKeyword);
  const missing = found.filter(({ type }) => type === undefined).map(({ name }) => name);
  const refusal = missing.length === 0 ? undefined : await add(link, missing, signal);
  const added = refusal === undefined ? missing : [];
  const attributes = found.map((attribute) => outcomeOf(attribute, added));
  const remedies = [
    ...(refusal === undefined ? [] : refusal.remedies),
    ...(wrong.length === 0 ? [] : replaceByHand(link, names(wrong))),
  ];
  const problems = [
    ...(refusal === undefined ? [] : [refusal.problem]),
    ...wrong.map(({ name, type }) => `${name} is of the type ${type}, not Keyword`),
  ];
  if (problems.length > 0)
    return {
      ...result(link, attributes),
      problem: `${problems.join('; ')}.`,
      remedies: [...remedies, AGAIN],
    };
  return whenUsable(link, attributes, signal);
};

interface Refusal {
  readonly problem: string;
  readonly remedies: readonly string[];
}

/** Temporal Cloud is not even asked: its attributes belong to its own tools. */
const add = async (
  link: TemporalLink,
  missing: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Refusal | undefined> => {
  const why = isCloud(link)
    ? 'Temporal Cloud lets only its own tools do it'
    : await addAttributes(link, missing, signal);
  return why === undefined
    ? undefined
    : { problem: `${missing.join(', ')} could not be added (${why})`, remedies: addByHand(link, missing) };
};

const unreadable = (link: TemporalLink): SetUpResult => {
  const all = Object.values(SEARCH_ATTRIBUTES);
  return {
    ...result(
      link,
      all.map((name) => ({ name, outcome: 'missing' })),
    ),
    problem: `The search attributes of the namespace ${link.namespace} can neither be read nor added through ${link.address}.`,
    remedies: addByHand(link, all),
  };
};

const whenUsable = async (
  link: TemporalLink,
  attributes: readonly AttributeSetUp[],
  signal: AbortSignal | undefined,
): Promise<SetUpResult> => {
  if (await untilUsable(link, names(attributes), signal)) return { ...result(link, attributes), ready: true };
  return {
    ...result(link, attributes),
    problem: `The search attributes are registered, and the server at ${link.address} does not take them yet.`,
    remedies: ["run snapflow setup again in a minute, and read the server's log if it stays so"],
  };
};

const outcomeOf = (
  { name, type, isKeyword }: RegisteredAttribute,
  added: readonly string[],
): AttributeSetUp => {
  if (isKeyword) return { name, outcome: 'existed' };
  if (type !== undefined) return { name, outcome: 'wrong-type', foundType: type };
  return { name, outcome: added.includes(name) ? 'added' : 'missing' };
};

const result = (link: TemporalLink, attributes: readonly AttributeSetUp[]): SetUpResult => ({
  namespace: link.namespace,
  ready: false,
  attributes,
  remedies: [],
});

const names = (named: readonly { readonly name: string }[]): string[] => named.map(({ name }) => name);
