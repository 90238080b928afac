import { recordedBaseline } from '../../../src/activities/earlier-runs';
import type { Look } from '../../../src/contract/evidence';
import { omitUndefined } from '../../../src/contract/omit-undefined';

const look = (taskId: string, settleMs?: number): Look => ({
  runId: 'run-1',
  tasks: [{ taskId, status: 'RUNNING' }],
  vms: [],
  serviceSeen: true,
  ...omitUndefined({ settleMs }),
});
const did = (type: string, result?: unknown, input: unknown = {}) => ({
  type,
  at: new Date(0),
  input,
  result,
});
const looked = (result: Look, depth = 'first') => did('lookForEffect', result, { depth });
const prepared = (baseline: Look, settleMs?: number) => did('prepareLinkedClone', { baseline, settleMs });
const refused = did('startRevert', { kind: 'refused' });
const unknown = did('startRevert', { kind: 'unknown' });
const notPosted = did('startRevert', { kind: 'unknown', afterReset: true });

test.each([
  [
    'a look that was thrown away while the last holder settled, then one',
    [looked(look('a', 9)), looked(look('b')), unknown],
  ],
  [
    'a check that was thrown away while the last holder settled, then one',
    [prepared(look('a'), 9), prepared(look('b')), unknown],
  ],
  [
    'looks of a run that ended before it posted, then of another',
    [looked(look('a')), refused, looked(look('b')), unknown],
  ],
  [
    'a start that a reset ended before it posted, then a look',
    [looked(look('a')), notPosted, looked(look('b')), unknown],
  ],
  ['a look after the unknown start', [looked(look('b')), unknown, looked(look('c'), 'after-unknown')]],
  [
    'a look of a later run, after the start of an earlier one',
    [looked(look('b')), unknown, looked(look('c'))],
  ],
  ['a start of which nothing is recorded', [looked(look('b')), did('startRevert'), looked(look('c'))]],
])('%s: the last first look before the first post is the baseline', (_title, all) => {
  expect(recordedBaseline(all)).toEqual(look('b'));
});

test("without a start that may have posted there is no baseline: what others did since is not the request's", () => {
  expect(recordedBaseline([looked(look('a')), refused, notPosted])).toBeUndefined();
});

test('the looks of an undo are none', () => {
  const undo = did('startRevert', { kind: 'started', taskId: 't' }, { purpose: 'undo' });
  expect(recordedBaseline([looked(look('b')), unknown, looked(look('c')), undo])).toEqual(look('b'));
});
