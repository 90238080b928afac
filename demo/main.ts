/*
 * The story of `npm run demo`: a caller with simulator and workers as processes.
 *
 * main.ts               entry
 * run-demo.ts           tells the story from opening to end, and keeps everything open on demand
 * story.ts              the chapters in their order
 * chapters/             one file a chapter
 * environment.ts        server, simulator and workers, and what a chapter may use of them
 * temporal.ts           the Temporal server of the demo
 * simulated-vsphere.ts  the simulator of the demo
 * start-program.ts      starts one of the programs
 * narrator.ts           prints the story and its checks
 * follow.ts             follows an operation
 */
import { parseArgs } from 'node:util';
import { createNarrator } from './narrator';
import { runDemo } from './run-demo';

const USAGE = `npm run demo [-- --keep]

Clones and reverts virtual machines on a simulated vCenter through a Temporal server of its own, kills the worker in
the middle, loses an answer, cancels, and checks every statement that it prints.

  --keep   leave everything running at the end, until Ctrl-C

TEMPORAL_ADDRESS makes it use a server of yours. Exit codes: 0 every statement held, 1 one did not or something failed,
2 usage, 130 interrupted.
`;

const write = (line: string) => void process.stdout.write(`${line}\n`);

function readFlags(): { readonly keep: boolean; readonly help: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } });
    return { keep: values.keep === true, help: values.help === true };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags === undefined || flags.help) {
    (flags === undefined ? process.stderr : process.stdout).write(USAGE);
    return flags === undefined ? 2 : 0;
  }
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => interrupted.abort(new Error('Interrupted: everything was stopped.')));
  const narrator = createNarrator(write);
  try {
    await runDemo({ narrator, keep: flags.keep, interrupted: interrupted.signal });
    write(`\nAll ${narrator.checked()} statements were checked and held.`);
    return 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    return interrupted.signal.aborted ? 130 : 1;
  }
}

void main().then((code) => process.exit(code));
