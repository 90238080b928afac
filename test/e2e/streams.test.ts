import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CLEAN_ENV, SNAPFLOW } from '../environment/program';

jest.setTimeout(60_000);

/** Runs the command line in a shell, with its streams where the redirections lead. */
async function inShell(redirections: string): Promise<{ readonly code: number; readonly stderr: string }> {
  const command = `"${process.execPath}" "${SNAPFLOW}" explain ${redirections}`;
  const shell = spawn('bash', ['-c', `set -o pipefail; ${command}`], { env: CLEAN_ENV });
  let stderr = '';
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  shell.stdout.resume();
  const [code] = (await once(shell, 'close')) as [number];
  return { code, stderr };
}

test('a full disk is one sentence and exit code 1', async () => {
  const end = await inShell('>/dev/full');
  expect(end).toEqual({ code: 1, stderr: 'The output cannot be written: no space is left (ENOSPC).\n' });
});

test('a reader that has left stdout or stderr is no failure', async () => {
  expect(await inShell('| head -1')).toEqual({ code: 0, stderr: '' });
  expect((await inShell('2>&-')).code).toBe(0);
  const reader = '2> >(exit 0)';
  expect(
    (await inShell(`nonsense; sleep 0.2; "${process.execPath}" "${SNAPFLOW}" explain ${reader}`)).code,
  ).toBe(0);
});
