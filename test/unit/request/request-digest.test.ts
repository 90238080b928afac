import { derivedRequestId, requestDigest } from '../../../src/request/identity';

const clone = { vm: 'web-01', snapshot: 'latest', name: 'ci-42' } as const;

test('the digest of a request stays: callers of an earlier release compare it', () => {
  expect(requestDigest('clone', clone)).toBe(
    'c6b2fba58beea2f06cc095cfd51119b96d148620982eaa40d103a78f907cd08d',
  );
});

test('order of fields, spelled-out defaults, deadline and when-busy do not change the digest', () => {
  const same = requestDigest('clone', clone);
  expect(requestDigest('clone', { name: 'ci-42', snapshot: 'latest', vm: 'web-01' })).toBe(same);
  expect(
    requestDigest('clone', {
      ...clone,
      connection: 'default',
      onCancel: 'undo',
      onFailure: 'delete',
      powerOn: false,
    }),
  ).toBe(same);
  expect(requestDigest('clone', { ...clone, deadlineMs: 5, whenBusy: 'fail' })).toBe(same);
});

test.each([
  { vm: 'web-02' },
  { snapshot: 'other' },
  { name: 'CI-42' },
  { folder: 'f' },
  { powerOn: true },
  { onCancel: 'keep' as const },
  { connection: 'lab' },
])('a request that differs in %j is another request', (change) => {
  expect(requestDigest('clone', { ...clone, ...change })).not.toBe(requestDigest('clone', clone));
});

test('a clone and a revert of the same fields are two requests', () => {
  const revert = { vm: 'web-01', snapshot: 'latest' };
  expect(requestDigest('revert', revert)).not.toBe(requestDigest('clone', { ...revert, name: '' }));
});

test('a derived id is readable and needs no quoting', () => {
  expect(derivedRequestId('clone', clone)).toMatch(/^ci-42-[0-9a-f]{10}$/);
  expect(derivedRequestId('revert', { vm: 'db $(rm) 01', snapshot: 's' })).toMatch(/^db-rm-01-[0-9a-f]{10}$/);
  expect(derivedRequestId('clone', { ...clone, name: ' ' })).toMatch(/^request-[0-9a-f]{10}$/);
  expect(derivedRequestId('revert', { vm: '名'.repeat(255), snapshot: 's' })).toHaveLength(91);
});
