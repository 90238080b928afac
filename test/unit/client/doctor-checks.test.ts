import { CallsInFlight, type TemporalLink } from '../../../src/client/temporal-calls';
import { checkConnections, releaseCheck } from '../../../src/client/doctor';
import { checkSearchAttributes } from '../../../src/client/doctor-operations';
import { runInspect } from '../../../src/client/inspect';
import { SEARCH_ATTRIBUTES } from '../../../src/contract/operations';

jest.mock('../../../src/client/inspect');

const NAMES = Object.values(SEARCH_ATTRIBUTES);
/** `IndexedValueType` Text and Keyword. */
const [TEXT, KEYWORD] = [1, 2];

function linkWith(customAttributes: Record<string, number>): TemporalLink {
  const operatorService = { listSearchAttributes: async () => ({ customAttributes }) };
  const within = (_: unknown, act: () => unknown) => act();
  const connection = { operatorService, withDeadline: within, withAbortSignal: within };
  const link = {
    client: { connection },
    calls: new CallsInFlight(),
    address: 'temporal.example:7233',
    namespace: 'prod',
    taskQueue: 'q',
  };
  return link as unknown as TemporalLink;
}

describe.each(NAMES)('the search attribute %s', (name) => {
  const others = Object.fromEntries(NAMES.filter((one) => one !== name).map((one) => [one, KEYWORD]));

  test('is named when it is missing', async () => {
    expect(await checkSearchAttributes(linkWith(others))).toEqual([
      {
        check: 'search-attributes',
        subject: 'prod',
        state: 'failed',
        message: `missing: ${name}; operations start without them and cannot be searched for`,
        remedy: 'snapflow setup',
      },
    ]);
  });

  test('is named when it is of another type', async () => {
    expect(await checkSearchAttributes(linkWith({ ...others, [name]: TEXT }))).toEqual([
      {
        check: 'search-attributes',
        subject: 'prod',
        state: 'failed',
        message: `${name} is of the type Text, not Keyword`,
        remedy: `temporal operator search-attribute remove --namespace prod --name ${name} --yes, then snapflow setup`,
      },
    ]);
  });
});

test.each([
  ['1.24.2', 'warning'],
  ['1.28.9-135.0', 'warning'],
  ['0.31.0', 'warning'],
  ['1.29.1', 'ok'],
  ['1.31.0', 'ok'],
  ['v2.0.0', 'ok'],
  ['', 'ok'],
  ['custom', 'ok'],
])('a Temporal server of release "%s" is %s', (release, state) => {
  const check = releaseCheck('temporal.example:7233', release);
  expect(check).toMatchObject({ check: 'temporal', subject: 'temporal.example:7233', state });
  expect(check.remedy).toEqual(
    state === 'ok' ? undefined : expect.stringContaining('upgrade the Temporal server'),
  );
});

test('a worker from before the question is told apart', async () => {
  jest
    .mocked(runInspect)
    .mockResolvedValue({ kind: 'snapshots', vmId: '', vmName: '', clusterId: '', snapshots: [] });
  expect(await checkConnections(linkWith({}))).toMatchObject([
    {
      check: 'connections',
      subject: 'q',
      state: 'failed',
      remedy: expect.stringContaining('upgrade the workers'),
    },
  ]);
});
