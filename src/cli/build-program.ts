import { Command } from 'commander';
import { addClone } from './commands/add-clone';
import { addCompletion } from './commands/add-completion';
import { addDelete } from './commands/add-delete';
import { addDev } from './commands/add-dev';
import { addDoctor } from './commands/add-doctor';
import { addExplain } from './commands/add-explain';
import { addList } from './commands/add-list';
import { addOperationCommands } from './commands/add-operation-commands';
import { addResolve } from './commands/add-resolve';
import { addRevert } from './commands/add-revert';
import { addSetup } from './commands/add-setup';
import { addSimulator } from './commands/add-simulator';
import { addSnapshots } from './commands/add-snapshots';
import { addWorker } from './commands/add-worker';
import { examples } from './examples';
import type { Finish } from './finish-command';
import { usageSentence } from './usage-sentence';
import { VERSION } from './version';

/** Options with their descriptions stay on one line where the terminal allows it. */
const HELP_COLUMNS = 110;

/** The whole command line. Nothing heavy is loaded until a command runs. */
export const buildProgram = (finish: Finish): Command => {
  const program = new Command('snapflow')
    .description('Durable clone and revert of vSphere virtual machines.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      getOutHelpWidth: helpWidth,
      getErrHelpWidth: helpWidth,
      outputError: (said, write) => write(usageSentence(said)),
    })
    .showHelpAfterError('(add --help for the options and examples)')
    .showSuggestionAfterError();
  addDev(program, finish);
  addClone(program, finish);
  addRevert(program, finish);
  addOperationCommands(program, finish);
  addList(program, finish);
  addResolve(program, finish);
  addDelete(program, finish);
  addSnapshots(program, finish);
  addDoctor(program, finish);
  addSetup(program, finish);
  addExplain(program, finish);
  addWorker(program, finish);
  addSimulator(program, finish);
  addCompletion(program, finish);
  return program.addHelpText(
    'after',
    `\n${EXIT_CODES}\n${examples([
      'snapflow dev',
      'snapflow clone --vm web-01 --snapshot latest --name ci-42',
      'snapflow wait build-42 --timeout 15m',
    ])}`,
  );
};

const helpWidth = (): number => process.stdout.columns || HELP_COLUMNS;

const EXIT_CODES = `Exit codes:
  0  ok                                    5    request conflict or busy
  1  failed                                6    needs a decision
  2  usage                                 7    still running when --timeout ran out
  3  precheck failed, nothing changed      8    cancelled or deadline exceeded
  4  authentication or connection          9    compensation incomplete
                                           130  interrupted, the operation goes on`;
