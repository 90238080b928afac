import { cloneNameLockId } from '../../../src/contract/operations';
import {
  accountSpellings,
  compareAccounts,
  learnedAccount,
  nameForms,
  sameName,
  type AccountMatch,
} from '../../../src/contract/spelling';

describe('two spellings', () => {
  test.each<[string, string, AccountMatch]>([
    ['administrator@vsphere.local', 'Administrator@VSPHERE.LOCAL', 'same'],
    ['administrator@vsphere.local', String.raw`VSPHERE.LOCAL\Administrator`, 'same'],
    [String.raw`CORP\svc-snap`, 'SVC-SNAP@corp', 'same'],
    ['snapflow', 'SnapFlow', 'same'],
    ['svc@team@corp.example', String.raw`CORP.EXAMPLE\svc@team`, 'same'],
    ['svc@corp.example', 'backup@corp.example', 'other'],
    ['svc@corp.example', String.raw`LAB\backup`, 'other'],
    ['svc-snap@corp.example', String.raw`CORP\svc-snap`, 'unknown'],
    ['administrator@vsphere.local', 'Administrator', 'unknown'],
    ['administrator@vsphere.local', 'S-1-5-21-7', 'unknown'],
    ['administrator@vsphere.local', '', 'unknown'],
    ['administrator@vsphere.local', '@vsphere.local', 'unknown'],
  ])('of accounts, %s and %s: %s', (one, another, match) => {
    expect(compareAccounts(one, another)).toBe(match);
    expect(compareAccounts(another, one)).toBe(match);
  });

  test.each([
    ['ci/42', 'ci%2f42'],
    ['ci/42', 'CI%2F42'],
    [String.raw`ci\42`, 'ci%5c42'],
    ['100% done', '100%25 done'],
    [' ci-42 ', 'CI-42'],
    ['Zu\u0308rich', 'Z\u00fcrich'],
  ])('of names, %j and %j: are one name, and one lock', (one, another) => {
    expect(sameName(one, another)).toBe(true);
    expect(cloneNameLockId('main', one)).toBe(cloneNameLockId('main', another));
  });

  test.each([
    ['ci-42', 'ci-43'],
    ['ci 42', 'ci42'],
    ['ci%2f42', 'ci%252f42'],
    ['ci%2d42', 'ci-42'],
  ])('of names, %j and %j: are two names', (one, another) => {
    expect(sameName(one, another)).toBe(false);
  });
});

test.each([
  ['web-01', ['web-01']],
  ['ci/42', ['ci/42', 'ci%2f42']],
  ['ci%2F42', ['ci%2F42', 'ci/42', 'ci%2f42']],
  [' 50% ', [' 50% ', '50%', '50%25']],
  ['Z\u00fcrich', ['Z\u00fcrich', 'Zu\u0308rich']],
])('a filter for the name %j asks for %j', (name, forms) => {
  expect(nameForms(name)).toEqual(forms);
});

test('a filter for an account asks for the spellings that vSphere has been seen to write', () => {
  expect(accountSpellings('Administrator@VSPHERE.LOCAL')).toEqual(
    expect.arrayContaining([
      'administrator@vsphere.local',
      String.raw`VSPHERE.LOCAL\Administrator`,
      'Administrator@VSPHERE.LOCAL',
    ]),
  );
  expect(accountSpellings('root')).toEqual(['root']);
});

test.each([
  ['the account without its domain', 'Svc', 'Svc'],
  ["the domain's other name", String.raw`CORP\svc`, String.raw`CORP\svc`],
  ['the same account', 'SVC@corp.example', 'svc@corp.example'],
  ['another account', 'backup@corp.example', 'svc@corp.example'],
  ['no account', undefined, 'svc@corp.example'],
])('a task of our own that shows %s: tasks are compared with %s', (_title, shown, compared) => {
  expect(learnedAccount('svc@corp.example', shown)).toBe(compared);
});
