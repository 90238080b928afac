/*
 * The command line: one file a command, loaded when its command is typed.
 *
 * main.ts           entry: runs the program, sets the exit code
 * program.ts        table of all commands, help, exit codes
 * options.ts        options that several commands share
 * usage.ts          what a wrong command line is told
 * run-action.ts     runs a command's action: client, signals, exit code
 * errors.ts         errors of the command line and their exit codes
 * explain-error.ts  an error as a sentence with a hint
 * with-packages.ts  says what to install where a command's packages are absent
 * output.ts         data on stdout: tables, JSON, lines
 * overview.ts       an operation's overview as text
 * terminal.ts       stdout, stderr, colours, a question
 * follow.ts         follows an operation until its end or question
 * progress-view.ts  the progress line
 * commands/         one file a command, named as it is typed
 * completion/       words and scripts of shell completion
 */
import { Command, CommanderError } from 'commander';
import type { Operation } from '../contract/operations';
import { examples, type DefineCommand } from './options';
import { errorText, VERSION } from './output';
import { formatIn, usageSentence } from './usage';

interface CommandEntry {
  readonly name: string;
  /** What follows the name, as the list of commands shows it. */
  readonly takes: string;
  readonly summary: string;
  /** The command's file, which knows the rest of it. */
  readonly load: () => Promise<{ readonly define: DefineCommand }>;
}

/** Each operation has a command that starts it. */
const START_COMMANDS: Readonly<Record<Operation, CommandEntry>> = {
  clone: {
    name: 'clone',
    takes: '[options]',
    summary: 'make a linked clone of a virtual machine from one of its snapshots',
    load: () => import('./commands/clone.js'),
  },
  revert: {
    name: 'revert',
    takes: '[options]',
    summary: 'revert a virtual machine to one of its snapshots; asks for confirmation',
    load: () => import('./commands/revert.js'),
  },
};

/** Every command, in the order of the help. A command's file is loaded when the command was typed. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'dev',
    takes: '[options]',
    summary: 'run a Temporal dev server with its UI, the simulator and a worker until Ctrl-C',
    load: () => import('./commands/dev/index.js'),
  },
  ...Object.values(START_COMMANDS),
  {
    name: 'status',
    takes: '[options] <id>',
    summary: 'show the state of an operation',
    load: () => import('./commands/status.js'),
  },
  {
    name: 'wait',
    takes: '[options] <id>',
    summary: 'wait until an operation ends or needs a decision',
    load: () => import('./commands/wait.js'),
  },
  {
    name: 'cancel',
    takes: '[options] <id>',
    summary: 'cancel an operation, which then undoes what it did',
    load: () => import('./commands/cancel.js'),
  },
  {
    name: 'list',
    takes: '[options]',
    summary: 'list running and recent operations, newest first',
    load: () => import('./commands/list.js'),
  },
  {
    name: 'resolve',
    takes: '[options] <id>',
    summary: 'tell Snapflow what happened when it cannot find out itself',
    load: () => import('./commands/resolve.js'),
  },
  {
    name: 'delete',
    takes: '[options] <id>',
    summary: 'delete the virtual machine that a clone made; asks for confirmation',
    load: () => import('./commands/delete.js'),
  },
  {
    name: 'snapshots',
    takes: '[options]',
    summary: 'list the snapshots of a virtual machine, newest first',
    load: () => import('./commands/snapshots.js'),
  },
  {
    name: 'doctor',
    takes: '[options]',
    summary: 'check everything that operations need, with a remedy for each problem',
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'setup',
    takes: '[options]',
    summary: 'register the search attributes of Snapflow on the namespace',
    load: () => import('./commands/setup.js'),
  },
  {
    name: 'explain',
    takes: '[options] [type]',
    summary: 'explain a type of failure: its meaning, what is left on vSphere, what to do',
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'worker',
    takes: '[options]',
    summary: 'run a worker until SIGTERM or SIGINT; it is configured by the environment',
    load: () => import('./commands/worker.js'),
  },
  {
    name: 'simulator',
    takes: '[options]',
    summary: 'serve a vCenter and a snapshot appliance on loopback; prints one line of JSON',
    load: () => import('./commands/simulator.js'),
  },
  {
    name: 'completion',
    takes: '<shell>',
    summary: 'print a script that lets a shell complete commands, options and their values',
    load: () => import('./commands/completion.js'),
  },
];

interface CommandLine {
  readonly program: Command;
  /** Loads every command that was not loaded yet. */
  readonly loadAll: () => Promise<void>;
}

/** The command line with the names of all commands; a command gets its options and its action when it is about to run. */
export function buildProgram(
  setExitCode: (exitCode: number) => void,
  onUsageError: (sentence: string) => void = () => {},
): CommandLine {
  const program = new Command('snapflow')
    .description('Durable clone and revert of vSphere virtual machines.')
    .version(VERSION)
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${takenBy(command)}` })
    .configureOutput({
      getOutHelpWidth: helpWidth,
      getErrHelpWidth: helpWidth,
      outputError: (said, write) => {
        onUsageError(usageSentence(said).trimEnd());
        write(usageSentence(said));
      },
    })
    .showHelpAfterError('(add --help for the options and examples)')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `\n${EXIT_CODES}\n${examples([
        'snapflow dev',
        'snapflow clone --vm web-01 --snapshot latest --name ci-42',
        'snapflow wait build-42 --timeout 15m',
      ])}`,
    );
  const missing = new Map(
    COMMANDS.map((entry) => [program.command(entry.name).description(entry.summary), entry]),
  );
  const load = async (command: Command): Promise<void> => {
    const entry = missing.get(command);
    missing.delete(command);
    (await entry?.load())?.define(command, setExitCode);
  };
  const loadAll = async (): Promise<void> => {
    await Promise.all([...missing.keys()].map(load));
  };
  // A completion script has the words of every command.
  program.hook('preSubcommand', (_, command) =>
    command.name() === 'completion' ? loadAll() : load(command),
  );
  return { program, loadAll };
}

/** commander would tell it from options and arguments, which a command that is not loaded does not have yet. */
const takenBy = (command: Command): string =>
  COMMANDS.find(({ name }) => name === command.name())?.takes ?? '[command]';

/** Options with their descriptions stay on one line where the terminal allows it. */
const HELP_COLUMNS = 110;

const helpWidth = (): number => process.stdout.columns || HELP_COLUMNS;

const EXIT_CODES = `Exit codes:
  0  ok                                    5    request conflict or busy
  1  failed                                6    needs a decision
  2  usage                                 7    still running when --timeout ran out
  3  precheck failed, nothing changed;     8    cancelled or deadline exceeded
     or the id is unknown                  9    compensation incomplete
  4  authentication or connection          130  interrupted, the operation continues`;

/** Runs the command line and gives its exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode: number = OK;
  let message = '';
  const { program } = buildProgram(
    (code) => {
      exitCode = code;
    },
    (sentence) => {
      message = sentence;
    },
  );
  const words = argv.slice(2);
  try {
    await program.parseAsync(helpAsOption(words), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (ASKED_FOR.includes(error.code)) return OK;
    process.stdout.write(errorText(formatIn(words), { type: 'UsageError', message, exitCode: USAGE }, false));
    return USAGE;
  }
}

const OK = 0;
const USAGE = 2;

/** Help and version are answers; help instead of a missing command is not. */
const ASKED_FOR: readonly string[] = ['commander.helpDisplayed', 'commander.version'];

/** `help clone` as `clone --help`: commander would answer the first without loading the command. */
function helpAsOption(words: readonly string[]): string[] {
  const [first, name = ''] = words;
  return first === 'help' && COMMANDS.some((entry) => entry.name === name) ? [name, '--help'] : [...words];
}
