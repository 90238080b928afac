import * as fc from 'fast-check';
import { callerIdOf } from '../../../src/activities/context';

/** What `callPaths` lets into the header, else the call is refused before it is sent. */
const HEADER = /^[\x21-\x7e]{1,200}$/;

test('the request id names workflow, activity and attempt', () => {
  expect(callerIdOf('snapflow:default:build-1', '7', 3)).toBe('snapflow:default:build-1/7/3');
});

test('a workflow id with line breaks cannot make a header of its own', () => {
  expect(callerIdOf('a\r\nX-Evil: 1', '7', 1)).toBe('a__X-Evil:_1/7/1');
});

test('whatever the ids are, the request id fits a header', () => {
  const text = fc.string({ unit: 'binary', maxLength: 2_000 });
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (workflow, activity, attempt) => {
      expect(callerIdOf(workflow, activity, attempt)).toMatch(HEADER);
    }),
    { numRuns: 500 },
  );
});
