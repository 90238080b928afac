// npm run fences: checks every import against fences.json, writes the table of folders in ARCHITECTURE.md from it, and
// holds functions to one form.
// With --check it writes nothing and fails where the table is stale.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format } from 'prettier';
import { ROOT } from './build-stamp.mjs';

const require = createRequire(import.meta.url);
const { importsAgainst, renderFences } = require('./fences.js');
const { arrowsWithStatements } = require('./function-dialect.js');
const TABLE = /(<!-- fences: [^>]*-->\n)[\s\S]*(<!-- \/fences -->)/;
const DOCUMENT = join(ROOT, 'ARCHITECTURE.md');
const SOURCE = /\.[cm]?[jt]sx?$/;
/** What is no source of ours. */
const SKIPPED = ['node_modules', 'dist'];

const fences = JSON.parse(readFileSync(join(ROOT, 'fences.json'), 'utf8'));

const sourcesBelow = (folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || SKIPPED.includes(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesBelow(path);
    // The files of the top level configure tools.
    return folder !== '' && SOURCE.test(entry.name) ? [path] : [];
  });

const missingFolders = () =>
  fences.zones
    .filter(({ folder }) => !existsSync(join(ROOT, folder)))
    .map(({ folder }) => `fences.json has a zone ${folder}, which is not there: take it out.`);

async function writtenTable() {
  const before = readFileSync(DOCUMENT, 'utf8');
  if (!TABLE.test(before)) return ['ARCHITECTURE.md has lost its two marks "fences": put them back.'];
  const table = await format(renderFences(fences), { parser: 'markdown' });
  const after = before.replace(TABLE, (_, begin, end) => `${begin}\n${table}\n${end}`);
  if (after === before) return [];
  if (process.argv.includes('--check'))
    return ['The table of folders in ARCHITECTURE.md is not that of fences.json: npm run fences.'];
  writeFileSync(DOCUMENT, after);
  return [];
}

const problems = [
  ...missingFolders(),
  ...(await writtenTable()),
  ...sourcesBelow('').flatMap((path) => {
    const source = readFileSync(join(ROOT, path), 'utf8');
    return [...importsAgainst(fences, path, source), ...arrowsWithStatements(path, source)];
  }),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
