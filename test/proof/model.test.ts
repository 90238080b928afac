import { explore } from '../../proof/model/explore';
import { MUTANTS } from '../../proof/model/mutants';

/** Far above what it takes, so that a busy machine fails nothing. */
jest.setTimeout(240_000);

test.each(MUTANTS)('$operation without a guard, $title: a counterexample is found', (mutant) => {
  expect(explore(mutant.scope, mutant.rules).counterexample).toBeDefined();
});
