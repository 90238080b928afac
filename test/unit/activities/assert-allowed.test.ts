import { matches } from '../../../src/activities/checks';

test.each([
  ['web-*', 'web-01', true],
  ['web-*', 'WEB-01', true],
  ['web-0?', 'web-01', true],
  ['web-0?', 'web-011', false],
  ['web.01', 'web-01', false],
  ['*', 'anything at all', true],
  ['ci', 'ci-42', false],
  ['a|b', 'a', false],
  ['team/*', 'team%2fweb', true],
  ['team%2f*', 'TEAM/web', true],
  ['Zu\u0308rich', 'Z\u00fcrich', true],
])('the pattern %p against %p: %p', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});
