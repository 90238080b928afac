import { runCli } from '../../../src/cli/program';
import { testServerAddress } from '../../environment/addresses';
import type { Environment } from '../../environment/open-environment';

/** A command's exit code and what it wrote. */
export interface Seen {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ON_TEMPORAL = /^(?!simulator|worker|dev|completion|explain)/;
const ON_CONNECTION = /^(?:clone|revert|snapshots|status|wait|cancel|resolve|delete)/;

/** The command line in this process: a process each would take minutes. Both streams are caught until the mocks are restored. */
export function catchCli(): (env: Environment, words: readonly string[]) => Promise<Seen> {
  const written = { out: '', err: '' };
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => !!(written.out += String(text)));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => !!(written.err += String(text)));
  return async (env, words) => {
    written.out = '';
    written.err = '';
    const [command = ''] = words;
    const where = [
      ...(ON_TEMPORAL.test(command) && !words.includes('--address')
        ? ['--address', testServerAddress()]
        : []),
      ...(ON_TEMPORAL.test(command) ? ['--task-queue', env.taskQueue] : []),
      ...(ON_CONNECTION.test(command) ? ['--connection', env.connection] : []),
    ];
    const code = await runCli(['node', 'snapflow', ...words, ...where]);
    return { code, out: written.out, err: written.err };
  };
}
