import { explore } from '../../proof/model/explore';
import { MUTANTS } from '../../proof/model/mutants';
import { UNHELD } from '../../proof/model/scopes';

/** Far above what it takes, so that a busy machine fails nothing. */
jest.setTimeout(240_000);

test.each(UNHELD)('$title: known and open; when this fails, its scope belongs to what holds', (scope) => {
  expect(explore(scope).counterexample).toBeDefined();
});

test.each(MUTANTS)('$operation without a guard, $title: a counterexample is found', (mutant) => {
  expect(explore(mutant.scope, mutant.rules).counterexample).toBeDefined();
});
