import type { AttributeSetUp, SetUpResult } from '../../client';
import { singleLine } from '../../contract/text';
import { EXIT } from '../errors';
import { addCommonOptions, examples, type CommonOptions, type DefineCommand } from '../options';
import { dataText, printableLines, table } from '../output';
import { runAction } from '../run-action';

export const define: DefineCommand = (command, setExitCode) => {
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nIt is safe to repeat. It exits 0 if all of them exist and can be used. Otherwise it exits 1 and prints what to\ntype: on Temporal Cloud they are added with its own tools.\n${examples(
        ['snapflow setup', 'snapflow setup --namespace production --json'],
      )}`,
    )
    .action(async (options: CommonOptions) => setExitCode(await setUp(options)));
};

const setUp = (options: CommonOptions): Promise<number> =>
  runAction(options, async ({ snapflow, terminal, format, signal }) => {
    const result = await snapflow.setUp({ signal });
    terminal.out(dataText(format, 'setup', result, () => renderSetUp(result)));
    if (result.problem !== undefined) terminal.err(`${printableLines(result.problem)}\n`);
    return result.ready ? EXIT.ok : EXIT.failed;
  });

/** What became of each attribute, and below it what is left to do. */
export function renderSetUp({ attributes, remedies }: SetUpResult): string {
  const rows = attributes.map((attribute) => [attribute.name, outcomeOf(attribute)]);
  const steps = remedies.map((remedy) => `${singleLine(remedy)}\n`).join('');
  return table(['ATTRIBUTE', 'OUTCOME'], rows) + (steps === '' ? '' : `\nWhat to do:\n${steps}`);
}

const outcomeOf = ({ outcome, foundType }: AttributeSetUp): string =>
  outcome === 'wrong-type' ? `of type ${foundType ?? 'unknown'}, not Keyword` : outcome;
