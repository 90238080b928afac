import { createHash } from 'node:crypto';
import { access, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, executableName, programCacheFolder } from '../../packages/dev-server/src/temporal-cache';
import { runToEnd } from '../../packages/dev-server/src/child-group';
import { installOnce } from '../environment/install-once';

const GOVMOMI = join(__dirname, 'govmomi');
const BINDINGS = join(__dirname, 'bindings');
/** The types of govmomi alone are 40 s of computing, the bindings 60 MB: minutes on a machine that does other work, too. */
const INSTALL_LIMIT_MS = 15 * 60_000;
const ANSWER_LIMIT_MS = 20_000;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** This user's folder for what is made of these files, and by this tool. */
async function cacheFolder(name: string, files: readonly string[], tool = ''): Promise<string> {
  const hash = createHash('sha256').update(tool);
  for (const file of files) hash.update(await readFile(file));
  return programCacheFolder(name, hash.digest('hex').slice(0, 16), process.env);
}

/** The program that uses VMware's Go client, built into this user's cache if need be; undefined without Go. */
export async function installGovmomi(): Promise<string | undefined> {
  const go = await findOnPath('go', process.env);
  if (go === undefined) return undefined;
  const sources = ['go.mod', 'go.sum', 'main.go'].map((name) => join(GOVMOMI, name));
  const folder = await cacheFolder('govmomi', sources);
  const program = join(folder, executableName('govmomi'));
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' };
  await installOnce({
    folder,
    title: 'Building a program with govmomi',
    isWhole: () => isThere(program),
    build: async (work) => {
      const built = join(work, executableName('govmomi'));
      const args = ['build', '-ldflags=-s -w', '-o', built, '.'];
      await runToEnd(go, args, INSTALL_LIMIT_MS, { cwd: GOVMOMI, env });
      await rename(built, program);
    },
  });
  return program;
}

/** What runs the calls by VMware's Python bindings: its arguments, and the folder of packages that it needs. */
export interface BindingsProgram {
  readonly python: string;
  readonly args: readonly string[];
  readonly packages: string;
}

/** The bindings, installed into this user's cache if need be; undefined without a Python of 3.10 with pip. */
export async function installBindings(): Promise<BindingsProgram | undefined> {
  const python = await findOnPath('python3', process.env);
  if (python === undefined) return undefined;
  const asked = 'import sys, pip; assert sys.version_info >= (3, 10); print(sys.implementation.cache_tag)';
  const tag = await runToEnd(python, ['-c', asked], ANSWER_LIMIT_MS).catch(() => undefined);
  if (tag === undefined) return undefined;
  const requirements = join(BINDINGS, 'requirements.txt');
  const folder = await cacheFolder('vmware-bindings', [requirements], tag);
  const packages = join(folder, 'packages');
  await installOnce({
    folder,
    title: 'Installing VMware’s Python bindings',
    isWhole: () => isThere(packages),
    build: async (work) => {
      const target = join(work, 'packages');
      const args = ['-m', 'pip', 'install', '--quiet', '--target', target, '-r', requirements];
      await runToEnd(python, args, INSTALL_LIMIT_MS);
      await rename(target, packages);
    },
  });
  return { python, args: ['-B', join(BINDINGS, 'calls.py')], packages };
}
