import { addRound, cellKey } from '../../../proof/add-round';
import { planSchema } from '../../../proof/judge/evidence/plan';
import { gapsOf } from '../../../proof/gaps';
import { mergeReports } from '../../../proof/merge-reports';
import { parseOptions, UsageError } from '../../../proof/options';
import { FAULTS } from '../../../proof/processes/faults';
import { makePlan } from '../../../proof/processes/make-plan';
import { matrixCells, matrixPlans } from '../../../proof/processes/matrix';
import { protobufFields } from '../../../proof/processes/protobuf-fields';
import { SOMETIMES, type RoundResult } from '../../../proof/processes/round-result';
import { sweepLanes } from '../../../proof/processes/sweep-lanes';
import { parseSweepPoint, sweepPointText } from '../../../proof/processes/sweep-point';
import { eachWindowOnce, killOf } from '../../../proof/processes/window-rounds';
import { WINDOWS } from '../../../proof/processes/windows';
import { emptyReport, reportSchema } from '../../../proof/report';
import { tally } from '../../../proof/tally';

const result = (change: Partial<RoundResult> = {}): RoundResult => ({
  plan: makePlan(
    { kind: 'window', operation: 'clone', window: 'K12', fault: 'sigkill-worker', at: 'K12' },
    7,
  ),
  verdict: 'pass',
  violations: [],
  sometimes: ['adopted'],
  outcome: 'COMPLETED',
  wallMs: 1,
  ...change,
});

describe('the plans', () => {
  test('24 windows, at least 50 kinds of faults in six groups', () => {
    expect(Object.keys(WINDOWS)).toHaveLength(24);
    expect(Object.keys(FAULTS).length).toBeGreaterThanOrEqual(50);
    expect([...new Set(Object.values(FAULTS).map(({ group }) => group))].toSorted()).toEqual([
      'A',
      'B',
      'C',
      'D',
      'E',
      'F',
    ]);
  });

  test('every fault can strike in some window, or says why it never can', () => {
    const cells = matrixCells();
    const never = Object.keys(FAULTS).filter(
      (fault) => !cells.some((cell) => cell.fault === fault && cell.impossible === undefined),
    );
    expect(never).toEqual(['tls-expired', 'tls-wrong-host', 'tls-unknown-ca', 'workflow-cache-of-0']);
    expect(cells.filter(({ impossible }) => impossible === '')).toEqual([]);
  });

  test('the quick set: every window once, the operation alternating with the seed', () => {
    const plans = eachWindowOnce(1);
    expect(plans.map(({ window }) => window)).toEqual(Object.keys(WINDOWS));
    expect(new Set(plans.map(({ operation }) => operation)).size).toBe(2);
    expect(eachWindowOnce(2).map(({ operation }) => operation)).not.toEqual(
      plans.map(({ operation }) => operation),
    );
  });

  test('a seed: the same plans, in the same order; another seed, another order', () => {
    const ids = (seed: number) => matrixPlans(seed).map(({ window, fault }) => `${window} ${fault}`);
    expect(ids(5)).toEqual(ids(5));
    expect(ids(5)).not.toEqual(ids(6));
    expect(ids(5).toSorted()).toEqual(ids(6).toSorted());
  });

  test('every window meets every fault once before it meets one with the other operation', () => {
    const plans = matrixPlans(3);
    const pairs = plans.map(({ window, fault }) => `${window} ${fault}`);
    const once = new Set(pairs).size;
    expect(new Set(pairs.slice(0, once)).size).toBe(once);
    expect(once).toBeLessThan(plans.length);
  });

  test('one plan in ten has the values of production', () => {
    const plans = matrixPlans(1);
    const production = plans.filter(({ profile }) => profile === 'production');
    expect(production.length).toBe(Math.floor(plans.length / 10));
  });

  test('a cell that may fail says with which types', () => {
    const open = matrixPlans(1).filter(
      ({ expect: { outcomes, failureTypes } }) => outcomes.includes('failed') && failureTypes === undefined,
    );
    expect(open.map(({ id }) => id)).toEqual([]);
  });

  test('a second request contends for the same name or machine, and is looked at like the first', () => {
    for (const operation of ['clone', 'revert'] as const) {
      const { requests } = makePlan(
        { kind: 'matrix', operation, window: 'K12', fault: 'second-request', at: 'K12' },
        7,
      );
      const [one, other] = requests;
      expect(requests.map(({ requestId }) => requestId)).toEqual(['r1', 'r2']);
      expect([other?.vm, other?.name]).toEqual([one?.vm, one?.name]);
    }
  });

  test('a plan written and read again: the same plan', () => {
    const [plan] = matrixPlans(1);
    expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test('a sweep: one call after the other until one does not fire', () => {
    const [{ lane } = { lane: () => undefined }] = sweepLanes(1);
    expect(lane(undefined)?.at).toBe('rest 0 before');
    expect(lane(result())?.at).toBe('rest 1 before');
    expect(lane(result({ verdict: 'end' }))).toBeUndefined();
  });

  test('a point of a sweep: read as it was written, and refused otherwise', () => {
    const point = { kind: 'poll', index: 12, moment: 'after' } as const;
    expect(parseSweepPoint(sweepPointText(point))).toEqual(point);
    expect(() => parseSweepPoint('rest x before')).toThrow('"rest x before" is no point of a sweep');
  });
});

describe('the report', () => {
  test('rounds of one cell: hits, voids and violations are counted apart', () => {
    const report = emptyReport();
    addRound(report, result());
    addRound(report, result({ verdict: 'void', outcome: 'none', sometimes: [] }));
    addRound(report, result({ verdict: 'violation', violations: [{ id: 'J1', because: 'two' }] }));
    expect(report.cells[cellKey('K12', 'sigkill-worker', 'clone')]).toEqual({
      hits: 2,
      voids: 1,
      violations: 1,
      lastSeed: 7,
      outcomes: { COMPLETED: 2, none: 1 },
    });
    expect(report.rounds).toMatchObject({ played: 3, passed: 1, violated: 1, void: 1 });
    expect(report.violations).toEqual([
      { plan: 'window.clone.K12.sigkill-worker.7', seed: 7, checks: ['J1'], because: 'two' },
    ]);
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  test('two reports merged: the counts of both', () => {
    const [one, two] = [emptyReport(), emptyReport()];
    addRound(one, result());
    addRound(two, result());
    addRound(two, result());
    const merged = mergeReports([one, two]);
    expect(merged.rounds.passed).toBe(3);
    expect(merged.sometimes).toEqual({ adopted: 3 });
    expect(merged.cells[cellKey('K12', 'sigkill-worker', 'clone')]?.hits).toBe(3);
    expect(one.rounds.passed).toBe(1);
  });

  test('the end of a sweep: no round, but the number of its calls', () => {
    const report = emptyReport();
    const plan = makePlan(
      { kind: 'sweep', operation: 'clone', window: null, fault: 'lost-reply', at: 'rest 17 after' },
      1,
    );
    addRound(report, result({ plan, verdict: 'end' }));
    expect(report.rounds.played).toBe(0);
    expect(report.sweeps).toEqual({ 'clone rest after lost-reply': 17 });
  });

  test('a void among few rounds, a violation or a broken round: not green', () => {
    const green = (verdict: RoundResult['verdict']) => {
      const report = emptyReport();
      addRound(report, result({ verdict }));
      return tally(report).isGreen;
    };
    expect(green('pass')).toBe(true);
    for (const verdict of ['void', 'violation', 'broken'] as const) expect(green(verdict)).toBe(false);
  });
});

describe('the command line', () => {
  test('flags: read with their defaults', () => {
    expect(parseOptions([])).toMatchObject({ mode: 'quick', seed: 1, tiers: [2], parallel: 4 });
    expect(parseOptions(['--night', '--part', '2/4', '--tier', '0,2'])).toMatchObject({
      mode: 'night',
      part: { index: 2, of: 4 },
      tiers: [0, 2],
    });
    expect(parseOptions(['--repeat', 'a.json'])).toMatchObject({ mode: 'repeat', files: ['a.json'] });
  });

  test.each([['--part', '5/4'], ['--seed', 'x'], ['--nonsense'], ['--quick', '--night']])(
    'what cannot be right is refused: %s %s',
    (...argv) => {
      expect(() => parseOptions(argv)).toThrow(UsageError);
    },
  );
});

test('a protobuf message: its outermost fields', () => {
  const message = Buffer.from([0x08, 0x96, 0x01, 0x12, 0x02, 0x68, 0x69, 0x1d, 1, 2, 3, 4]);
  expect(protobufFields(message)).toEqual([
    { number: 1, varint: 150n },
    { number: 2, bytes: Buffer.from('hi') },
    { number: 3 },
  ]);
});

describe('the gaps of a report', () => {
  const cell = (hits: number) => ({ hits, voids: 0, violations: 0, lastSeed: 1, outcomes: {} });
  const whole = () => {
    const report = emptyReport();
    for (const { window, fault, operation, impossible } of matrixCells())
      if (impossible === undefined)
        report.cells[cellKey(window, fault, operation)] = cell(fault === killOf(window) ? 5 : 1);
    for (const { key } of sweepLanes(1)) report.sweeps[key] = 20;
    for (const what of SOMETIMES) report.sometimes[what] = 1;
    return report;
  };

  test('a whole night set: none', () => {
    expect(gapsOf(whole())).toEqual([]);
  });

  test('an empty cell, too few kills, a sweep without an end, a turn that never came: each is named', () => {
    const report = whole();
    delete report.cells[cellKey('K12', 'lost-reply', 'clone')];
    for (const operation of ['clone', 'revert'])
      report.cells[cellKey('K9', 'sigkill-worker', operation)] = cell(4);
    delete report.sweeps['revert rpc after lost-reply'];
    report.sometimes.undone = 0;
    expect(gapsOf(report)).toEqual([
      '1 feasible cells without a hit: K12 lost-reply clone',
      '1 windows with fewer than 10 kills: K9',
      '1 sweeps that did not come to their end: sweep.revert.rpc-after.lost-reply',
      '1 what must sometimes happen and never did: undone',
    ]);
  });
});
