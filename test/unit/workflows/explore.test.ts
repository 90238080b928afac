import { explore } from '../../../proof/model/explore';
import { MUTANTS } from '../../../proof/model/mutants';
import { SCOPES, UNHELD } from '../../../proof/model/scopes';

/** Far above what it takes, so that a busy machine fails nothing. */
jest.setTimeout(240_000);

/** Those of one request alone; the larger ones are left to `proof/model/main.ts`. */
const QUICK = SCOPES.filter(({ second, foreign }) => !second && !foreign);

test.each(QUICK)(
  '$title: every interleaving has at most one effect, no false failure, an explained end',
  (scope) => {
    const { states, ends, counterexample } = explore(scope);
    process.stdout.write(`${scope.title}: ${states} states, ends ${JSON.stringify(ends)}\n`);
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(1_000);
    // Awake: every kind of end was reached that the scope has.
    const kinds = ['done', 'fail', 'needs-decision', ...(scope.cancels ? ['cancelled'] : [])];
    expect(Object.keys(ends).toSorted()).toEqual(kinds.toSorted());
  },
);

test.each(UNHELD)('$title: known and open; when this fails, its scope belongs to what holds', (scope) => {
  expect(explore(scope).counterexample).toBeDefined();
});

test.each(MUTANTS)('$operation without a guard, $title: a counterexample is found', (mutant) => {
  expect(explore(mutant.scope, mutant.rules).counterexample).toBeDefined();
});
