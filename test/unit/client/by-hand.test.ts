import { addByHand, isCloud, replaceByHand } from '../../../src/client/set-up';

const CLOUD = { address: 'prod.a1b2c.tmprl.cloud:7233', namespace: 'prod.a1b2c' };
const OWN = { address: 'temporal.example:7233', namespace: 'prod' };

test.each([
  ['prod.a1b2c.tmprl.cloud:7233', true],
  ['us-east-1.aws.api.temporal.io:7233', true],
  ['temporal.example:7233', false],
  ['tmprl.cloud.example:7233', false],
])('%s is Temporal Cloud: %s', (address, expected) => {
  expect(isCloud({ address })).toBe(expected);
});

test('on Temporal Cloud its own tools are named, with the whole command', () => {
  expect(addByHand(CLOUD, ['A', 'B'])).toEqual([
    'tcld namespace search-attributes add --namespace prod.a1b2c --search-attribute "A=Keyword" --search-attribute "B=Keyword"',
    expect.stringMatching(
      /temporal cloud namespace search-attribute create --namespace prod\.a1b2c --type Keyword --name A \| B$/,
    ),
    expect.stringContaining('https://cloud.temporal.io'),
  ]);
  expect(replaceByHand(CLOUD, ['A'])).toEqual([
    'tcld namespace search-attributes rename --namespace prod.a1b2c --existing-name A --new-name AOld',
  ]);
});

test('elsewhere it is the command line of Temporal', () => {
  expect(addByHand(OWN, ['A', 'B'])).toEqual([
    expect.stringMatching(
      /temporal operator search-attribute create --namespace prod --name A --type Keyword --name B --type Keyword$/,
    ),
  ]);
  expect(replaceByHand(OWN, ['A'])).toEqual([
    'temporal operator search-attribute remove --namespace prod --name A --yes',
  ]);
});
