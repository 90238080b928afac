import { runUrl } from '../../../demo/environment';

test('the address of a run encodes what its workflow id may hold', () => {
  const run = { workflowId: 'snapflow:default:a/b?c#d e', runId: '01a2' };
  expect(runUrl('http://127.0.0.1:8233', 'team one', run)).toBe(
    'http://127.0.0.1:8233/namespaces/team%20one/workflows/snapflow%3Adefault%3Aa%2Fb%3Fc%23d%20e/01a2/history',
  );
});
