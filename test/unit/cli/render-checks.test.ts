import { TemporalUnavailable, unconnectedCheck, type Check } from '../../../src/client';
import { doctorExitCode, renderChecks, summaryOfChecks } from '../../../src/cli/commands/doctor';
import { renderSetUp } from '../../../src/cli/commands/setup';

const OK: Check = {
  check: 'temporal',
  subject: 'localhost:7233',
  state: 'ok',
  message: 'the server answers',
};
const WARNING: Check = {
  check: 'retention',
  subject: 'default',
  state: 'warning',
  message: 'closed runs are kept for 1 h',
  remedy: 'keep them for a day or more',
};
const FAILED: Check = {
  check: 'login',
  subject: 'lab vcenter',
  state: 'failed',
  message: 'user name or password refused\u001b[31m',
  remedy: 'correct them',
};

test('checks read one line each, with what to do at the end', () => {
  expect(renderChecks([OK, WARNING, FAILED])).toBe(`STATE    CHECK      SUBJECT         FOUND
ok       temporal   localhost:7233  the server answers
warning  retention  default         closed runs are kept for 1 h -> keep them for a day or more
failed   login      lab vcenter     user name or password refused [31m -> correct them
`);
  expect(renderChecks([])).toBe('');
  expect(summaryOfChecks([OK, WARNING, FAILED])).toBe('3 checks: 1 ok, 1 warning, 1 failed.');
});

test('only a failed check fails the doctor', () => {
  expect(doctorExitCode([OK, WARNING])).toBe(0);
  expect(doctorExitCode([OK, FAILED])).toBe(1);
});

test('a server that cannot be connected to is one failed check with its remedy apart', () => {
  const place = { address: 'localhost:7233', namespace: 'prod' };
  const silent = new TemporalUnavailable(
    'The Temporal server at localhost:7233 does not answer (14 UNAVAILABLE: no route): check that it runs.',
    'unreachable',
  );
  expect(unconnectedCheck(silent, place)).toEqual({
    check: 'temporal',
    subject: 'localhost:7233',
    state: 'failed',
    message: 'The Temporal server at localhost:7233 does not answer (14 UNAVAILABLE: no route)',
    remedy: 'check that it runs',
  });
  const nowhere = new TemporalUnavailable('There is no namespace prod: create it.', 'namespace');
  expect(unconnectedCheck(nowhere, place)).toMatchObject({
    check: 'namespace',
    subject: 'prod',
    remedy: 'create it',
  });
});

test('a set-up that is whole is a table, one that is not says what to type', () => {
  const attributes = [
    { name: 'SnapflowVm', outcome: 'existed' },
    { name: 'SnapflowName', outcome: 'added' },
  ] as const;
  expect(renderSetUp({ namespace: 'default', ready: true, attributes, remedies: [] }))
    .toBe(`ATTRIBUTE     OUTCOME
SnapflowVm    existed
SnapflowName  added
`);
  const wrong = [{ name: 'SnapflowVm', outcome: 'wrong-type', foundType: 'Int' }] as const;
  expect(
    renderSetUp({
      namespace: 'default',
      ready: false,
      attributes: wrong,
      remedies: ['do this', 'then that'],
    }),
  ).toBe(`ATTRIBUTE   OUTCOME
SnapflowVm  of type Int, not Keyword

What to do:
do this
then that
`);
});
