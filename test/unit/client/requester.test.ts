import { hostname } from 'node:os';
import { requesterOf } from '../../../src/client/requester';

test.each([
  ['a given one', 'portal: alice@example.com', {}, 'portal: alice@example.com'],
  [
    'a job of GitHub Actions',
    undefined,
    {
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'team/app',
      GITHUB_RUN_ID: '42',
      GITHUB_ACTOR: 'alice',
    },
    'https://github.com/team/app/actions/runs/42 (alice)',
  ],
  [
    'a job of GitLab CI',
    undefined,
    { CI_JOB_URL: 'https://gitlab.example/team/app/-/jobs/7', GITLAB_USER_LOGIN: 'bob' },
    'https://gitlab.example/team/app/-/jobs/7 (bob)',
  ],
  [
    'a job of Jenkins without a known person',
    undefined,
    { BUILD_URL: 'https://ci.example/job/app/9/' },
    'https://ci.example/job/app/9/',
  ],
])('%s is recorded as it is', (_title, given, environment, requester) => {
  expect(requesterOf(given, environment)).toBe(requester);
});

test('a person at a terminal is recorded as account and host', () => {
  expect(requesterOf(undefined, {})).toMatch(/^[^@]+@/);
  expect(requesterOf(undefined, {})).toContain(`@${hostname()}`.slice(0, 100));
});

test('what a CI system says is one line of 200 characters at most', () => {
  const requester = requesterOf(undefined, { CI_JOB_URL: `https://x/\u001b[31m\u202e${'a'.repeat(400)}` });
  expect(requester).toHaveLength(200);
  expect(requester).toMatch(/^https:\/\/x\/ \[31m a+$/);
});

test('an account in the address of a job is left out', () => {
  const environment = { BUILD_URL: 'https://bot:s3cret@ci.example/job/app/9/', BUILD_USER_ID: 'alice' };
  expect(requesterOf(undefined, environment)).toBe('https://ci.example/job/app/9/ (alice)');
});

test.each([
  ['an empty one', '  ', '"  "'],
  ['one with a line break', 'a\nb', String.raw`"a\u{000a}b"`],
  ['one of 201 characters', 'x'.repeat(201), '"xxx'],
])('%s is refused with the remedy', (_title, given, shown) => {
  expect(() => requesterOf(given, {})).toThrow(shown);
  expect(() => requesterOf(given, {})).toThrow('give 1 to 200 characters without control characters');
});
