import { explore } from '../../../proof/model/explore';
import { SCOPES } from '../../../proof/model/scopes';

/** Far above what it takes, so that a busy machine fails nothing. */
jest.setTimeout(240_000);

/** Those of one request alone; the larger ones are left to `proof/model/main.ts`, what goes wrong to `test/proof/model.test.ts`. */
const QUICK = SCOPES.filter(({ second, foreign }) => !second && !foreign);

test.each(QUICK)(
  '$title: every interleaving has at most one effect, no false failure, an explained end',
  (scope) => {
    const { states, ends, counterexample } = explore(scope);
    process.stdout.write(`${scope.title}: ${states} states, ends ${JSON.stringify(ends)}\n`);
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(900);
    // Awake: every kind of end was reached that the scope has.
    const kinds = [
      'done',
      'fail',
      ...(scope.repeats ? [] : ['needs-decision']),
      ...(scope.cancels ? ['cancelled'] : []),
    ];
    expect(Object.keys(ends).toSorted()).toEqual(kinds.toSorted());
  },
);
