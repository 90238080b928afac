import { ArgumentRefused, targetPaths } from '../../../src/vsphere/request-paths';

test('filters are written one after another and encoded', () => {
  expect(
    targetPaths({
      path: ['api', 'x:y'],
      filters: { names: ['a&b', 'c d'], vms: undefined, status: ['RUNNING'] },
    }),
  ).toEqual(['/api/x%3Ay?names=a%26b&names=c%20d&status=RUNNING']);
});

test('ids that do not fit one request line go out in several, each id once, with the other filters in each', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `task:${String(index).padStart(40, '0')}`);
  const paths = targetPaths({
    path: ['api', 'tasks'],
    filters: { tasks: [...ids, ...ids], users: ['w@x'] },
    splitBy: 'tasks',
  });
  expect(paths.length).toBeGreaterThan(1);
  expect(Math.max(...paths.map((path) => path.length))).toBeLessThanOrEqual(7 * 1024);
  const asked = paths.flatMap((path) => new URL(path, 'http://x').searchParams.getAll('tasks'));
  expect(asked).toEqual(ids);
  expect(paths.every((path) => path.includes('?users=w%40x&'))).toBe(true);
});

test('the fewest paths are one: no ids to split by still asks once', () => {
  expect(targetPaths({ path: ['api'], filters: { vms: undefined }, splitBy: 'vms' })).toEqual(['/api']);
});

test.each([
  ['an empty filter, which servers read as any', { filters: { vms: [] } }],
  ['an empty value', { filters: { vms: [''] } }],
  ['a line break in a value', { filters: { names: ['a\r\nb'] } }],
  ['half a character', { filters: { names: ['\udc00'] } }],
  [
    'none of the filters that the server wants',
    { filters: { users: ['u'] }, needsOneOf: ['tasks', 'services'] },
  ],
  ['more than fits where nothing can be split', { filters: { names: ['x'.repeat(8000)] } }],
  ['a single id that fits nowhere', { filters: { vms: ['x'.repeat(8000)] }, splitBy: 'vms' }],
  [
    'more ids than a list may ask for',
    {
      filters: { vms: Array.from({ length: 500 }, (_, index) => `${'x'.repeat(2000)}${index}`) },
      splitBy: 'vms',
    },
  ],
])('%s is refused', (_what, target) => {
  expect(() => targetPaths({ path: ['api'], ...target })).toThrow(ArgumentRefused);
});
