import { Snapflow, type StartOptions } from '../../../src/client';
import { runCli } from '../../../src/cli/program';

const CLONE = ['clone', '--vm', 'web-01', '--snapshot', 'latest', '--name', 'ci-42'];

let said = '';

beforeEach(() => {
  said = '';
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => !!(said += String(text)));
});

afterEach(() => jest.restoreAllMocks());

/** A start that Temporal never answers. */
const unanswered = (_: unknown, { signal }: StartOptions): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
    process.emit('SIGINT');
  });

function connectedTo(clone: unknown): void {
  const close = (): Promise<void> => Promise.resolve();
  jest.spyOn(Snapflow, 'connect').mockResolvedValue({ clone, close } as unknown as Snapflow);
}

const run = (...words: string[]): Promise<number> => runCli(['node', 'snapflow', ...words]);

test('Ctrl-C before anything was sent says that nothing was started', async () => {
  jest.spyOn(Snapflow, 'connect').mockImplementation((options) => unanswered({}, options ?? {}));
  expect(await run(...CLONE, '--request-id', 'build-42')).toBe(130);
  expect(said).toBe('Nothing was started.\n');
});

test.each([
  [['--request-id', 'build-42'], 'Run the same command again: it attaches.\n'],
  [['--name-suffix'], /^Run the same command again with --request-id ci-42-\w{8}: it attaches\.\n$/],
  [
    [],
    /^Run the same command again: it attaches if that one is running\. Whether it is: snapflow status \S+\n$/,
  ],
])('Ctrl-C before the reply to a start with %j says that it may have been started', async (options, next) => {
  connectedTo(unanswered);
  expect(await run(...CLONE, ...options)).toBe(130);
  const [, first, rest] = /^(.*?not have been started\. )(.*)$/s.exec(said) ?? [];
  expect(first).toBe('It may or may not have been started. ');
  if (typeof next === 'string') expect(rest).toBe(next);
  else expect(rest).toMatch(next);
});

test('--no-wait exits 0 once the request was accepted, however it stands by then', async () => {
  const failure = { type: 'ObjectNotFound', message: 'There is no virtual machine web-01.' };
  const status = { id: 'build-42', operation: 'clone', state: 'failed', failure };
  const overview = (): Promise<object> =>
    Promise.resolve({ status, request: {}, startedAt: new Date(), closedAt: new Date() });
  connectedTo(() => Promise.resolve({ id: 'build-42', overview }));
  expect(await run(...CLONE, '--no-wait', '--json')).toBe(0);
});
