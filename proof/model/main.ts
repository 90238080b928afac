import { parseArgs } from 'node:util';
import { explore } from './explore';
import { runModel } from './run-model';
import { SCOPES } from './scopes';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Walks the scopes whose title holds the text, without the guards taken out: all that one mutant of the sources needs. */
function walk(text: string): readonly string[] {
  const scopes = SCOPES.filter(({ title }) => title.includes(text));
  if (scopes.length === 0) return [`--scope ${text} names no scope`];
  return scopes.flatMap((scope) => {
    const { states, counterexample } = explore(scope);
    say(`${scope.title}: ${states} states`);
    return counterexample === undefined
      ? []
      : [`violation: ${counterexample.why}, by ${counterexample.path.join(' > ')}`];
  });
}

/** `node --import tsx proof/model/main.ts [--scope TEXT]`: exit 1 on a violation. */
const { scope } = parseArgs({ options: { scope: { type: 'string' } } }).values;
const violations = scope === undefined ? runModel({ report: say }).violations : walk(scope);
for (const violation of violations) process.stderr.write(`${violation}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
