import { operationDetails, operationSummary } from '../../../src/client/start';

test('a summary reads like the request', () => {
  expect(operationSummary('clone', { vm: 'web-01', snapshot: 'nightly-0412', name: 'ci-42' })).toBe(
    'clone web-01 @ nightly-0412 -> ci-42',
  );
  expect(operationSummary('revert', { vm: 'web-01', snapshot: 'latest' })).toBe('revert web-01 @ latest');
});

test.each(['x', 'ß', '名', '"', '😀'])('a summary of many %s is cut below 200 encoded bytes', (character) => {
  const vm = character.repeat(200);
  const summary = operationSummary('clone', { vm, snapshot: vm, name: character.repeat(40) });
  const bytes = Buffer.byteLength(JSON.stringify(summary));
  expect(bytes).toBeLessThanOrEqual(200);
  expect(bytes).toBeGreaterThan(190);
  expect(summary).toMatch(/^clone .*…$/u);
});

test('details list every field, which cannot break out of its quotes, and the command that shows more', () => {
  expect(
    operationDetails({
      requestId: 'build-42',
      request: { vm: 'a`b', snapshot: 's', connection: 'lab' },
      requester: 'alice@ci',
    }),
  ).toBe(
    [
      '**requestId** `build-42` · **connection** `lab` · **vm** `` a`b `` · **snapshot** `s` · **requester** `alice@ci`',
      '',
      'In a shell: `snapflow status build-42 --connection lab`',
    ].join('\n'),
  );
});
