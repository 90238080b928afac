import { parsePriority, parseTeam } from '../../../src/request/place-in-line';
import { RequestInvalid } from '../../../src/request/parse';

test.each(['platform', 'é'.repeat(32), 'a'.repeat(64)])('the team %s is taken as it is', (team) => {
  expect(parseTeam(team)).toBe(team);
});

test.each([
  ['empty', ''],
  ['of 65 bytes', 'a'.repeat(65)],
  ['of 33 characters in 66 bytes', 'é'.repeat(33)],
  ['with a line break', 'a\nb'],
  ['that is no text', 7],
])('a team %s is refused by its field', (_what, team) => {
  expect(() => parseTeam(team)).toThrow(RequestInvalid);
  expect(() => parseTeam(team)).toThrow(/^team .*give a team of 1 to 64 bytes without control characters\.$/);
});

test('a priority is one of three words', () => {
  expect(['high', 'normal', 'low'].map(parsePriority)).toEqual(['high', 'normal', 'low']);
  expect(() => parsePriority('9')).toThrow(/^priority is "9": give high, normal, low\.$/);
});
