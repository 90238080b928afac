import { readableLine } from '../../../src/dev/readable-line';

test('a warning of a JSON log becomes one readable line, information is dropped', () => {
  const line = (level: string) =>
    JSON.stringify({ level, message: 'Activity failed', workflowId: 'snapflow:a:b' });
  expect(readableLine('worker', line('WARN'))).toBe('worker: WARN Activity failed (snapflow:a:b)');
  expect(readableLine('worker', line('INFO'))).toBeUndefined();
});

test.each(['plain words', '{broken', '{"other":1}'])('the line %s is told as it is', (line) => {
  expect(readableLine('worker', line)).toBe(`worker: ${line}`);
});
