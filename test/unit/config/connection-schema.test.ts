import { connectionSchema } from '../../../src/config/connection-schema';

const A = 'ab'.repeat(32);
const B = A.replaceAll('ab', 'CD:').slice(0, -1);
const parse = (thumbprint: unknown) =>
  connectionSchema.safeParse({
    vcenterUrl: 'https://vc.example',
    applianceUrl: 'https://snap.example',
    username: 'w',
    thumbprint,
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
