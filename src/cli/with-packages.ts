import { EXIT } from './errors';
import { VERSION } from './output';

/** What only `dev` and `simulator` need. A worker is installed without them. */
const IS_THERE = {
  'snapflow-dev-server': () => require('snapflow-dev-server/package.json') as unknown,
  'snapflow-simulator': () => require('snapflow-simulator/package.json') as unknown,
};

type PackageName = keyof typeof IS_THERE;

/** Runs a command, or says in one sentence which packages it needs and how they are installed. */
export async function withPackages(
  command: string,
  names: readonly PackageName[],
  run: () => Promise<number>,
): Promise<number> {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return run();
  process.stderr.write(`${whatToInstall(command, missing)}\n`);
  return EXIT.failed;
}

function isInstalled(name: PackageName): boolean {
  try {
    IS_THERE[name]();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}

function whatToInstall(command: string, names: readonly PackageName[]): string {
  const [package_, are, tarball] =
    names.length === 1
      ? ['package', 'is', 'the tarball of that name']
      : ['packages', 'are', 'the tarballs of those names'];
  const install = `npm install ${names.map((name) => `${name}@${VERSION}`).join(' ')}`;
  return `"snapflow ${command}" needs the ${package_} ${names.join(' and ')}, which ${are} not installed: ${install}, or install ${tarball}.`;
}
