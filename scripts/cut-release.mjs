// What a release changes in the files of a tree: the version of every package, and the changelog.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const UNRELEASED = '## [Unreleased]';
const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

export const readIn = (root, name) => readFileSync(join(root, name), 'utf8');

/** The root's package.json, and those of its workspaces. */
export const manifestsOf = (root) => [
  'package.json',
  ...(existsSync(join(root, 'packages')) ? readdirSync(join(root, 'packages')) : [])
    .map((folder) => `packages/${folder}/package.json`)
    .filter((name) => existsSync(join(root, name))),
];

/** The changelog around the text of its Unreleased section, which ends at the next heading of that level. */
export function partsOf(changelog) {
  const from = changelog.indexOf(`${UNRELEASED}\n`);
  if (from === -1)
    throw new Error(`CHANGELOG.md has no section "${UNRELEASED}": add one above the last release.`);
  const begin = from + UNRELEASED.length;
  const next = changelog.indexOf('\n## ', begin);
  const end = next === -1 ? changelog.length : next;
  return {
    before: changelog.slice(0, from),
    text: changelog.slice(begin, end).trim(),
    after: changelog.slice(end).trim(),
  };
}

/** Headings say nothing of what the release brings. */
export const isEmpty = (text) => text.split('\n').every((line) => line.trim() === '' || line.startsWith('#'));

/** As text, so that each file stays formatted as it is; ranges between our own packages go along. */
export function setVersions(root, current, version) {
  const manifests = manifestsOf(root);
  const ours = manifests.map((name) => JSON.parse(readIn(root, name)).name);
  for (const name of manifests) {
    const text = readIn(root, name).replace(/^( {2}"version": ")[^"]*/m, `$1${version}`);
    const withRanges = ours.reduce(
      (all, each) => all.replaceAll(`"${each}": "${current}"`, `"${each}": "${version}"`),
      text,
    );
    writeFileSync(join(root, name), withRanges);
  }
  const lock = JSON.parse(readIn(root, 'package-lock.json'));
  lock.version = version;
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path !== '' && !path.startsWith('packages/')) continue;
    entry.version = version;
    for (const kind of DEPENDENCIES)
      for (const each of ours) if (entry[kind]?.[each] === current) entry[kind][each] = version;
  }
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, undefined, 2)}\n`);
  const env = readIn(root, '.env').replace(/^SNAPFLOW_VERSION=.*$/m, `SNAPFLOW_VERSION=${version}`);
  writeFileSync(join(root, '.env'), env);
}

export function cutChangelog(root, version) {
  const { before, text, after } = partsOf(readIn(root, 'CHANGELOG.md'));
  const heading = `## [${version}] - ${new Date().toISOString().slice(0, 10)}`;
  const parts = [`${before}${UNRELEASED}`, heading, text, ...(after === '' ? [] : [after])];
  writeFileSync(join(root, 'CHANGELOG.md'), `${parts.join('\n\n')}\n`);
}
