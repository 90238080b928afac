import { startOperation, type Start } from '../../../src/client/start';
import { CallsInFlight, type TemporalLink } from '../../../src/client/temporal-calls';

const KEYWORD = 2;
const START: Start = {
  operation: 'clone',
  request: { vm: 'web-01', snapshot: 'latest', name: 'ci-42' },
  requestId: 'build-42',
  reuse: 'REJECT_DUPLICATE',
};

interface Given {
  readonly memo: Record<string, unknown>;
  readonly typedSearchAttributes?: readonly { readonly key: { readonly name: string } }[];
}

/** A namespace that has these attributes only, and what the start that it took was given. */
function namespaceWith(there: readonly string[]) {
  const notices: string[] = [];
  let taken: Given | undefined;
  const namesOf = ({ typedSearchAttributes = [] }: Given) => typedSearchAttributes.map(({ key }) => key.name);
  const customAttributes = Object.fromEntries(there.map((name) => [name, KEYWORD]));
  const within = (_: unknown, act: () => unknown) => act();
  const workflow = {
    start: async (_: string, options: Given) => {
      if (namesOf(options).some((name) => !there.includes(name))) {
        const details = 'Namespace prod has no mapping defined for search attribute SnapflowVm';
        throw Object.assign(new Error(details), { code: 3, details, metadata: {} });
      }
      taken = options;
      return { firstExecutionRunId: 'r' };
    },
    getHandle: () => ({
      describe: async () => ({
        type: 'linkedCloneVm',
        status: { name: 'RUNNING' },
        runId: 'r',
        memo: taken?.memo,
        raw: {},
      }),
    }),
  };
  const operatorService = { listSearchAttributes: async () => ({ customAttributes }) };
  const link = {
    client: { workflow, connection: { operatorService, withDeadline: within, withAbortSignal: within } },
    namespace: 'prod',
    address: 'temporal:7233',
    taskQueue: 'q',
    calls: new CallsInFlight(),
    notice: (sentence: string) => void notices.push(sentence),
  } as unknown as TemporalLink;
  return { link, notices, taken: () => ({ names: taken && namesOf(taken), memo: taken?.memo }) };
}

test('where a namespace has some of the attributes, an operation starts with those', async () => {
  const { link, notices, taken } = namespaceWith(['SnapflowState', 'SnapflowVm']);
  await startOperation(link, START);
  expect(taken()).toMatchObject({ names: ['SnapflowVm'], memo: { snapflowSearchAttributes: true } });
  expect(notices).toEqual([expect.stringContaining("lacks some of Snapflow's search attributes")]);
});

test('without the state the worker is told to write none, and without any it starts without', async () => {
  const some = namespaceWith(['SnapflowVm']);
  await startOperation(some.link, START);
  expect(some.taken()).toMatchObject({ names: ['SnapflowVm'], memo: { snapflowSearchAttributes: false } });
  const none = namespaceWith([]);
  await startOperation(none.link, START);
  expect(none.taken()).toMatchObject({ names: [], memo: { snapflowSearchAttributes: false } });
});
