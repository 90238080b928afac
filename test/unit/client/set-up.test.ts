import { CallsInFlight, type TemporalLink } from '../../../src/client/temporal-calls';
import { setUp } from '../../../src/client/set-up';
import { SEARCH_ATTRIBUTES } from '../../../src/contract/operations';

const NAMES = Object.values(SEARCH_ATTRIBUTES);
/** Status codes of gRPC. */
const INVALID_ARGUMENT = 3;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
/** `IndexedValueType` Keyword. */
const KEYWORD = 2;

const refusal = (code: number, details: string) =>
  Object.assign(new Error(details), { code, details, metadata: {} });

interface Server {
  readonly list: () => Record<string, number>;
  readonly add?: (names: readonly string[]) => void;
  readonly address?: string;
}

/** A link to a server that answers as told. */
function linkTo({ list, add = () => undefined, address = 'temporal.example:7233' }: Server) {
  const calls: string[] = [];
  const operatorService = {
    listSearchAttributes: async () => ({ customAttributes: list() }),
    addSearchAttributes: async ({ searchAttributes = {} }: { searchAttributes?: object }) => {
      calls.push('add');
      add(Object.keys(searchAttributes));
    },
  };
  const within = (_: unknown, act: () => unknown) => act();
  const connection = { operatorService, withDeadline: within, withAbortSignal: within };
  const workflow = { count: async () => ({ count: 0 }) };
  const client = { connection, workflow };
  const link = {
    client,
    address,
    namespace: 'prod',
    taskQueue: 'q',
    calls: new CallsInFlight(),
    notice: () => undefined,
  };
  return { link: link as unknown as TemporalLink, calls };
}

const throwing = (code: number, details: string) => () => {
  throw refusal(code, details);
};
const all = Object.fromEntries(NAMES.map((name) => [name, KEYWORD]));

test('on Temporal Cloud nothing is added, and its own command is given', async () => {
  const { link, calls } = linkTo({ list: () => ({}), address: 'prod.a1.tmprl.cloud:7233' });
  const result = await setUp(link);
  expect(calls).toEqual([]);
  expect(result).toMatchObject({ ready: false, problem: expect.stringContaining('Temporal Cloud') });
  expect(result.remedies[0]).toMatch(/^tcld namespace search-attributes add --namespace prod /);
});

test('on Temporal Cloud with all of them there it is ready', async () => {
  const { link } = linkTo({ list: () => all, address: 'prod.a1.tmprl.cloud:7233' });
  expect(await setUp(link)).toMatchObject({ ready: true, remedies: [] });
});

test.each([
  ['offers no operator service', UNIMPLEMENTED],
  ['lets this account not read', PERMISSION_DENIED],
])('a server that %s is told apart, with the command for its operator', async (_title, code) => {
  const { link } = linkTo({ list: throwing(code, 'no') });
  const result = await setUp(link);
  expect(result).toMatchObject({
    ready: false,
    problem: expect.stringContaining('neither be read nor added'),
  });
  expect(result.attributes.map(({ outcome }) => outcome)).toEqual(NAMES.map(() => 'missing'));
  expect(result.remedies[0]).toContain('temporal operator search-attribute create --namespace prod');
});

test('an account that may read and not add says why nothing was added', async () => {
  const denied = await setUp(linkTo({ list: () => ({}), add: throwing(PERMISSION_DENIED, 'no') }).link);
  expect(denied).toMatchObject({ ready: false, problem: expect.stringContaining('this account') });
});

/** Ten Keyword attributes, as SQL visibility has room for. */
function fullServer(others: number) {
  const there: Record<string, number> = Object.fromEntries(
    Array.from({ length: others }, (_, index) => [`Other${index}`, KEYWORD]),
  );
  const add = (names: readonly string[]): void => {
    if (Object.keys(there).length + names.length > 10)
      throw refusal(INVALID_ARGUMENT, 'cannot have more than 10 search attribute of type Keyword.');
    for (const name of names) there[name] = KEYWORD;
  };
  return { list: () => there, add };
}

test.each([
  [8, ['SnapflowOperation', 'SnapflowState'], 'SnapflowConnection, SnapflowVm, SnapflowName'],
  [10, [], 'SnapflowConnection, SnapflowVm, SnapflowOperation, SnapflowName, SnapflowState'],
])(
  'where %d of ten Keyword slots are used, what fits is added, the state first',
  async (used, added, left) => {
    const result = await setUp(linkTo(fullServer(used)).link);
    expect(result).toMatchObject({
      ready: false,
      problem: `10 Keyword attributes is SQL visibility's limit, ${used} were used: ${left} could not be added.`,
    });
    const ofOutcome = result.attributes.filter(({ outcome }) => outcome === 'added').map(({ name }) => name);
    expect(ofOutcome.toSorted()).toEqual(added);
    expect(result.remedies[0]).toContain('search-attribute remove --namespace prod --name NAME');
    expect(result.remedies.join(' ')).not.toContain('search-attribute create');
  },
);

test('somebody else who adds them at the same time is no failure', async () => {
  let added = false;
  const add = () => {
    added = true;
    throw refusal(ALREADY_EXISTS, 'there already');
  };
  const { link } = linkTo({ list: () => (added ? all : {}), add });
  expect(await setUp(link)).toMatchObject({ ready: true });
});
