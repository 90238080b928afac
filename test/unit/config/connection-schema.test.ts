import { connectionSchema } from '../../../src/worker/connection-config';

const A = 'ab'.repeat(32);
const B = A.replaceAll('ab', 'CD:').slice(0, -1);
const parse = (thumbprint: unknown, operation: unknown = {}) =>
  connectionSchema.safeParse({
    vcenterUrl: 'https://vc.example',
    applianceUrl: 'https://snap.example',
    username: 'w',
    thumbprint,
    operation,
  });

test.each([[A], [{ vcenter: A, appliance: B }]])('the thumbprint %j is taken as it is', (thumbprint) => {
  expect(parse(thumbprint).data?.thumbprint).toEqual(thumbprint);
});

test.each([['ab'], [{ vcenter: A }], [{ vcenter: A, appliance: 'x' }]])(
  'the thumbprint %j is refused with what is expected',
  (thumbprint) => {
    const [issue] = parse(thumbprint).error?.issues ?? [];
    expect(issue?.path[0]).toBe('thumbprint');
    expect(issue?.message).toContain('give a SHA-256 of 64 hexadecimal digits');
  },
);

test.each([
  [{}, 'responsive', 30_000],
  [{ heartbeats: 'economical' }, 'economical', 120_000],
  [{ heartbeats: 'economical', heartbeatTimeoutMs: 60_000 }, 'economical', 60_000],
])(
  'operation %j: heartbeats are %s, with a time-out of %d ms',
  (operation, heartbeats, heartbeatTimeoutMs) => {
    expect(parse(undefined, operation).data?.operation).toMatchObject({ heartbeats, heartbeatTimeoutMs });
  },
);

test('an unknown heartbeat profile is refused with the two that there are', () => {
  const [issue] = parse(undefined, { heartbeats: 'rare' }).error?.issues ?? [];
  expect(issue).toMatchObject({
    path: ['operation', 'heartbeats'],
    message: 'give responsive or economical',
  });
});
