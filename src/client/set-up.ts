import type { AttributeSetUp, SetUpResult } from '../contract/inspect';
import { omitUndefined } from '../contract/omit-undefined';
import { SEARCH_ATTRIBUTES } from '../contract/operations';
import { temporalCall, isRefusedHere, GRPC, grpcError, type TemporalLink } from './temporal-calls';
import { sleep } from './wait';

/** Temporal's `IndexedValueType` by its number, which its API fixes. */
const TYPE_NAMES = [
  'Unspecified',
  'Text',
  'Keyword',
  'Int',
  'Double',
  'Bool',
  'Datetime',
  'KeywordList',
] as const;

const KEYWORD = TYPE_NAMES.indexOf('Keyword');

const typeName = (type: number): string => TYPE_NAMES[type] ?? `type ${type}`;

/** How one of our search attributes is registered. */
export interface RegisteredAttribute {
  readonly name: string;
  /** Absent when it is not registered. */
  readonly type?: string;
  readonly isKeyword: boolean;
}

/** Snapflow's search attributes as the namespace has them. Undefined where this server does not tell. */
export async function readAttributes(
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly RegisteredAttribute[] | undefined> {
  const { namespace, client } = link;
  const list = () => client.connection.operatorService.listSearchAttributes({ namespace });
  try {
    const { customAttributes } = await temporalCall(link, list, signal);
    return Object.values(SEARCH_ATTRIBUTES).map((name) => registered(name, customAttributes?.[name]));
  } catch (error) {
    if (isRefusedHere(error)) return undefined;
    throw error;
  }
}

const registered = (name: string, type: number | undefined): RegisteredAttribute => ({
  name,
  ...omitUndefined({ type: type === undefined ? undefined : typeName(type) }),
  isKeyword: type === KEYWORD,
});

/**
 * Adds all of them or none.
 * @returns why the server refused. Undefined when they are there, also when another client was faster
 */
async function addAttributes(
  link: TemporalLink,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
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
}

/** It was understood and refused: no room, or there already. */
const ANSWERS: readonly number[] = [GRPC.INVALID_ARGUMENT, GRPC.ALREADY_EXISTS, GRPC.RESOURCE_EXHAUSTED];

async function areThere(
  link: TemporalLink,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const found = await readAttributes(link, signal);
  return (
    found !== undefined && names.every((name) => found.some((one) => one.name === name && one.isKeyword))
  );
}

const firstLine = (details: string): string =>
  (details.split('\n', 1)[0] ?? '').slice(0, 160) || 'no reason given';

type Place = Pick<TemporalLink, 'address' | 'namespace'>;

/** Temporal Cloud answers at these names. */
const CLOUD = /\.(?:tmprl\.cloud|api\.temporal\.io)(?::\d+)?$/i;

export const isCloud = ({ address }: Pick<Place, 'address'>): boolean => CLOUD.test(address);

/** What to type or click where the server lets no account, or not this one, add search attributes. */
export const addByHand = (place: Place, names: readonly string[]): readonly string[] =>
  isCloud(place)
    ? [
        `tcld namespace search-attributes add --namespace ${place.namespace} ${names
          .map((name) => `--search-attribute "${name}=Keyword"`)
          .join(' ')}`,
        `or with Temporal's own command line, one command for each: temporal cloud namespace search-attribute create --namespace ${place.namespace} --type Keyword --name ${names.join(' | ')}`,
        `or in the UI at https://cloud.temporal.io: Namespaces, ${place.namespace}, Edit, Custom Search Attributes: add ${names.join(', ')} of the type Keyword`,
      ]
    : [
        `ask the operator of ${place.address} to run: temporal operator search-attribute create --namespace ${place.namespace} ${names
          // A type for each name: names beyond the last type are dropped without a word (CLI 1.5.1).
          .map((name) => `--name ${name} --type Keyword`)
          .join(' ')}`,
      ];

/** What to do about attributes of another type: a type cannot be changed. */
export const replaceByHand = (place: Place, names: readonly string[]): readonly string[] =>
  isCloud(place)
    ? names.map(
        (name) =>
          `tcld namespace search-attributes rename --namespace ${place.namespace} --existing-name ${name} --new-name ${name}Old`,
      )
    : [
        `temporal operator search-attribute remove --namespace ${place.namespace} ${names
          .map((name) => `--name ${name}`)
          .join(' ')} --yes`,
      ];

const AGAIN = 'then run snapflow setup once more';

/** A server re-reads a namespace's attributes every few seconds. A minute of it means that something else is wrong. */
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * Waits until the server takes the attributes in a query, which is when it takes them at a start, too.
 * @returns false when it does not within a minute
 */
async function untilUsable(
  link: TemporalLink,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const query = names.map((name) => `${name} = "snapflow-setup"`).join(' AND ');
  const giveUpAt = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      await temporalCall(link, () => link.client.workflow.count(query), signal);
      return true;
    } catch (error) {
      if (grpcError(error)?.code !== GRPC.INVALID_ARGUMENT) throw error;
      if (performance.now() >= giveUpAt) return false;
      await sleep(LOOK_EVERY_MS, signal);
    }
  }
}

/** Registers our search attributes on the namespace. See `Snapflow.setUp`. */
export async function setUp(link: TemporalLink, signal?: AbortSignal): Promise<SetUpResult> {
  const found = await readAttributes(link, signal);
  if (found === undefined) return unreadable(link);
  const wrong = found.filter(({ type, isKeyword }) => type !== undefined && !isKeyword);
  const missing = found.filter(({ type }) => type === undefined).map(({ name }) => name);
  const refusal = missing.length === 0 ? undefined : await add(link, missing, signal);
  const added = refusal === undefined ? missing : refusal.added;
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
}

interface Refusal {
  /** Those that were added all the same. */
  readonly added: readonly string[];
  readonly problem: string;
  readonly remedies: readonly string[];
}

/** Temporal Cloud is not even asked: its attributes belong to its own tools. */
async function add(
  link: TemporalLink,
  missing: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Refusal | undefined> {
  const why = isCloud(link)
    ? 'Temporal Cloud lets only its own tools do it'
    : await addAttributes(link, missing, signal);
  if (why === undefined) return undefined;
  const most = NO_ROOM.exec(why)?.[1];
  return most === undefined
    ? {
        added: [],
        problem: `${missing.join(', ')} could not be added (${why})`,
        remedies: addByHand(link, missing),
      }
    : addWhatFits(link, { missing, most: Number(most), why }, signal);
}

/** What a server with SQL visibility says where the slots of a type are used up. */
const NO_ROOM = /cannot have more than (\d+) search attributes? of type Keyword/i;

/** The state comes first: it finds what waits for a person. */
const BY_WORTH: readonly string[] = [
  SEARCH_ATTRIBUTES.state,
  SEARCH_ATTRIBUTES.operation,
  SEARCH_ATTRIBUTES.vm,
  SEARCH_ATTRIBUTES.connection,
  SEARCH_ATTRIBUTES.name,
];

async function addWhatFits(
  link: TemporalLink,
  {
    missing,
    most,
    why,
  }: { readonly missing: readonly string[]; readonly most: number; readonly why: string },
  signal: AbortSignal | undefined,
): Promise<Refusal> {
  const used = await keywordsUsed(link, signal);
  const fitting = BY_WORTH.filter((name) => missing.includes(name)).slice(0, Math.max(0, most - used));
  const refusal = fitting.length === 0 ? why : await addAttributes(link, fitting, signal);
  const added = refusal === undefined ? fitting : [];
  const left = missing.filter((name) => !added.includes(name));
  return {
    added,
    problem: `${most} Keyword attributes is SQL visibility's limit, ${used} were used: ${left.join(', ')} could not be added`,
    remedies: [
      `remove Keyword attributes that nothing uses: temporal operator search-attribute remove --namespace ${link.namespace} --name NAME`,
      'or use a namespace of its own for Snapflow, or Elasticsearch for visibility. Until then operations have the attributes that are there',
    ],
  };
}

async function keywordsUsed(link: TemporalLink, signal: AbortSignal | undefined): Promise<number> {
  const { namespace, client } = link;
  const list = () => client.connection.operatorService.listSearchAttributes({ namespace });
  const { customAttributes } = await temporalCall(link, list, signal);
  return Object.values(customAttributes ?? {})
    .map(Number)
    .filter((type) => type === KEYWORD).length;
}

function unreadable(link: TemporalLink): SetUpResult {
  const all = Object.values(SEARCH_ATTRIBUTES);
  return {
    ...result(
      link,
      all.map((name) => ({ name, outcome: 'missing' })),
    ),
    problem: `The search attributes of the namespace ${link.namespace} can neither be read nor added through ${link.address}.`,
    remedies: addByHand(link, all),
  };
}

async function whenUsable(
  link: TemporalLink,
  attributes: readonly AttributeSetUp[],
  signal: AbortSignal | undefined,
): Promise<SetUpResult> {
  if (await untilUsable(link, names(attributes), signal)) return { ...result(link, attributes), ready: true };
  return {
    ...result(link, attributes),
    problem: `The search attributes are registered, and the server at ${link.address} does not take them yet.`,
    remedies: ["run snapflow setup again in a minute, and read the server's log if it stays so"],
  };
}

function outcomeOf({ name, type, isKeyword }: RegisteredAttribute, added: readonly string[]): AttributeSetUp {
  if (isKeyword) return { name, outcome: 'existed' };
  if (type !== undefined) return { name, outcome: 'wrong-type', foundType: type };
  return { name, outcome: added.includes(name) ? 'added' : 'missing' };
}

const result = (link: TemporalLink, attributes: readonly AttributeSetUp[]): SetUpResult => ({
  namespace: link.namespace,
  ready: false,
  attributes,
  remedies: [],
});

const names = (named: readonly { readonly name: string }[]): string[] => named.map(({ name }) => name);
