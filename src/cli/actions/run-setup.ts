import type { CommonOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { renderSetUp } from '../render/render-set-up';
import { runAction } from '../run-action';
import { shownLines } from '../shown-lines';
import { dataText } from '../write-data';

export const runSetup = (options: CommonOptions): Promise<number> =>
  runAction(options, async ({ snapflow, terminal, format, signal }) => {
    const result = await snapflow.setUp({ signal });
    terminal.out(dataText(format, 'setup', result, () => renderSetUp(result)));
    if (result.problem !== undefined) terminal.err(`${shownLines(result.problem)}\n`);
    return result.ready ? EXIT.ok : EXIT.failed;
  });
