import { CHECKS } from '../../../proof/judge/checks';
import { readEvidence } from '../../../proof/judge/evidence/read-evidence';
import { judgeRound } from '../../../proof/judge/judge-round';
import type { Verdict } from '../../../proof/judge/verdict';
import { EXIT_OF_FAILURE } from '../../../proof/judge/evidence/exit-of-failure';
import { FAILURES } from '../../../src/contract/failures';
import { doctored } from './doctored';
import { recordedRounds, type DoctoredRound } from './doctored-round';
import { DOCTORINGS } from './doctorings';

const judged = ({ folder }: DoctoredRound): Verdict => judgeRound(readEvidence(folder));
const condemning = ({ checks }: Verdict) =>
  checks.filter(({ verdict }) => verdict === 'violation').map(({ id }) => id);

describe('the judge', () => {
  test.each(recordedRounds())('%s, as it was recorded: passes', (recorded) => {
    const verdict = doctored(recorded, judged);
    expect(verdict.checks.filter((check) => check.verdict === 'violation')).toEqual([]);
    expect(verdict.round).toBe('pass');
  });

  test.each(DOCTORINGS)('$title: condemned by $condemned', ({ round: recorded, doctor, condemned }) => {
    const verdict = doctored(recorded, (round) => {
      doctor(round);
      return judged(round);
    });
    expect(condemning(verdict)).toEqual(condemned);
    expect(verdict.round).toBe('violation');
  });

  test('every check condemns something, and there are many lies', () => {
    const used = new Set(DOCTORINGS.flatMap(({ condemned }) => condemned));
    // J11 has a test of its own; J14 condemns nothing, it makes a round void.
    expect(CHECKS.map(({ id }) => id).filter((id) => !used.has(id))).toEqual(['J11', 'J14']);
    expect(DOCTORINGS.length).toBeGreaterThanOrEqual(40);
  });

  test.each([
    ['none fired', (round: DoctoredRound) => round.fired(() => [])],
    [
      'another one fired',
      (round: DoctoredRound) =>
        round.fired((fired) => fired.map((each) => ({ ...each, fault: 'sigkill-server' }))),
    ],
  ])('a planned fault of which %s: the round is void', (_title, doctor) => {
    const verdict = doctored('clone-killed-at-its-post', (round) => judged(doctor(round)));
    expect(verdict.round).toBe('void');
    expect(condemning(verdict)).toEqual([]);
    expect(verdict.checks.find(({ id }) => id === 'J14')).toMatchObject({
      verdict: 'not-applicable',
      because: expect.stringContaining('sigkill-worker'),
    });
  });

  test('a violation in a void round: stays a violation', () => {
    const verdict = doctored('clone-killed-at-its-post', (round) =>
      judged(round.fired(() => []).ledger(() => [])),
    );
    expect(verdict.round).toBe('violation');
  });

  test('a round whose secrets were removed after it was judged: is judged again, without J11', () => {
    const { round, checks } = doctored('clone-cancelled', (each) => judged(each.delete('secrets.json')));
    expect(round).toBe('pass');
    expect(checks.find(({ id }) => id === 'J11')?.verdict).toBe('not-applicable');
  });

  test.each([
    ['the clone', 'clone-deleted', 'pass'],
    ['another machine', 'source-deleted', 'violation'],
  ])('a result that is gone where a fault deleted %s: %s, %s', (_title, fault, verdict) => {
    const { round } = doctored('clone-killed-at-its-post', (each) =>
      judged(
        each
          .fired((fired) => [...fired, { fault, at: each.closedAt(), where: 'after its end' }])
          .after((state) => ({
            ...state,
            inventory: {
              ...state.inventory,
              vms: state.inventory.vms.filter(({ id }) => id !== 'vm-2001'),
            },
          })),
      ),
    );
    expect(round).toBe(verdict);
  });

  test('a reason names run, request and ids', () => {
    const { checks } = doctored('clone-killed-at-its-post', (round) => judged(round.ledger(() => [])));
    expect(checks.find(({ id }) => id === 'J2')?.because).toMatch(
      /^run [0-9a-f-]{36} of one succeeded with .*vm-2001.*, and the ledger has no effect of it$/,
    );
  });

  test('its exit codes of failures: are those of the contract, copied by hand', () => {
    const contract = Object.entries(FAILURES).map(([type, { exitCode }]) => [type, exitCode]);
    expect(EXIT_OF_FAILURE).toEqual(Object.fromEntries(contract));
  });
});
