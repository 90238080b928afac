import { explore, type Exploration } from './explore';
import { MUTANTS } from './mutants';
import { SCOPES } from './scopes';

export interface ModelReport {
  /** States of the product that were walked, over all scopes. */
  readonly states: number;
  readonly scopes: readonly {
    readonly title: string;
    readonly states: number;
    readonly ends: Exploration['ends'];
  }[];
  /** What must not be: of the product, or a mutant without a counterexample. */
  readonly violations: readonly string[];
  /** Guards of which each, taken out, gave a counterexample. */
  readonly caught: number;
  readonly seconds: number;
}

/** Tier 0: walks every scope to its end, then shows that it is awake by every guard that is taken out. */
export function runModel({ report }: { readonly report: (line: string) => void }): ModelReport {
  const began = performance.now();
  const violations: string[] = [];
  const scopes = SCOPES.map((scope) => {
    const { states, ends, counterexample } = explore(scope);
    report(`${scope.title}: ${states} states, ends ${JSON.stringify(ends)}`);
    if (counterexample !== undefined) violations.push(told(scope.title, counterexample));
    return { title: scope.title, states, ends };
  });
  const missed = MUTANTS.filter(({ scope, rules }) => explore(scope, rules).counterexample === undefined);
  violations.push(
    ...missed.map(({ title, operation }) => `${operation} without a guard stays green: ${title}`),
  );
  const states = scopes.reduce((sum, each) => sum + each.states, 0);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const caught = MUTANTS.length - missed.length;
  report(
    `${states} states, ${caught} of ${MUTANTS.length} guards taken out were missed at once, ${seconds} s`,
  );
  return { states, scopes, violations, caught, seconds };
}

const told = (title: string, { why, path }: NonNullable<Exploration['counterexample']>): string =>
  `${title}: ${why}, by ${path.join(' > ')}`;
