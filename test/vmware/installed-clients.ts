import { createHash } from 'node:crypto';
import { access, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath } from '../../packages/dev-server/src/find-on-path';
import { runToEnd } from '../../packages/dev-server/src/run-to-end';
import { executableName, programCacheFolder } from '../../packages/dev-server/src/temporal-cache';
import { installOnce } from '../environment/install-once';

const SOURCES = join(__dirname, 'govmomi');
/** The client's types alone are 40 s of computing, and minutes on a machine that does other work, too. */
const BUILD_LIMIT_MS = 15 * 60_000;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['go.mod', 'go.sum', 'main.go']) hash.update(await readFile(join(SOURCES, name)));
  return hash.digest('hex').slice(0, 16);
}

/** The program that uses VMware's Go client, built into this user's cache if need be; undefined without Go. */
export async function installGovmomi(): Promise<string | undefined> {
  const go = await findOnPath('go', process.env);
  if (go === undefined) return undefined;
  const folder = programCacheFolder('vmware-clients', await hashOfSources(), process.env);
  const program = join(folder, executableName('govmomi'));
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' };
  await installOnce({
    folder,
    title: 'Building a program with govmomi',
    isWhole: () => isThere(program),
    build: async (work) => {
      const built = join(work, executableName('govmomi'));
      await runToEnd(go, ['build', '-ldflags=-s -w', '-o', built, '.'], BUILD_LIMIT_MS, {
        cwd: SOURCES,
        env,
      });
      await rename(built, program);
    },
  });
  return program;
}
