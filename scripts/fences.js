const { isBuiltin } = require('node:module');
const { posix } = require('node:path');
const { importsOf } = require('./imports-of.js');

const isIn = (folder, path) => path === folder || path.startsWith(`${folder}/`);

/** The zone of a path: that of the deepest folder. */
const zoneOf = (zones, path) =>
  zones.filter(({ folder }) => isIn(folder, path)).toSorted((a, b) => b.folder.length - a.folder.length)[0];

/** What is built is its source's zone. */
const sourcePath = (path) => path.replace(/^(packages\/[^/]+\/)?dist(?=\/)/, '$1src');

const packageOf = (from) =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');

const allows = (list, name) => list.includes('*') || list.includes(name);

/** Path of what is of this repository: given relatively, or by the name of a package that a zone is. */
const pathOf = (zones, path, from) =>
  from.startsWith('.') || from.startsWith('/')
    ? sourcePath(posix.normalize(posix.join(posix.dirname(path), from)))
    : zones.find((zone) => zone.package === packageOf(from))?.folder;

/** Why a zone's file must not import that; undefined when it may. */
function refusal(zones, zone, path, { from, type }) {
  if (from === undefined)
    return zone.computed ? undefined : 'an import that only a run can tell (see "computed")';
  const target = pathOf(zones, path, from);
  if (target !== undefined) {
    const other = zoneOf(zones, target);
    if (other === zone) return undefined;
    const name = other?.folder ?? target;
    // A single file of a folder may be allowed, too.
    if (
      zone.folders.includes(`${target}.ts`) ||
      allows(zone.folders, name) ||
      (type && allows(zone.types ?? [], name))
    )
      return undefined;
    return (zone.types ?? []).includes(name) ? `${name} for more than its types` : name;
  }
  if (isBuiltin(from)) {
    const name = from.replace(/^node:/, '');
    return allows(zone.node, name) ? undefined : `node:${name}`;
  }
  const name = packageOf(from);
  return allows(zone.packages, name) || allows(zone.packages, from) ? undefined : `the package ${from}`;
}

/** Each import of a source that its zone's allow-list does not have, as one sentence. */
function importsAgainst({ zones }, path, source) {
  const zone = zoneOf(zones, path);
  if (zone === undefined) return [`${path} is in no zone of fences.json: add its folder there.`];
  return importsOf(path, source).flatMap((found) => {
    const what = refusal(zones, zone, path, found);
    return what === undefined
      ? []
      : [`${path} imports ${what}, which fences.json does not allow ${zone.folder}.`];
  });
}

const joined = (names) => names.map((name) => `\`${name}\``).join(', ');

function allowedText({ folders, types = [], packages, node }) {
  if ([folders, packages, node].every((list) => list.includes('*'))) return 'everything';
  const parts = [
    folders.includes('*') ? 'every folder' : joined(folders),
    types.length > 0 ? `types of ${joined(types)}` : '',
    packages.includes('*') ? 'every package' : joined(packages),
    node.includes('*') ? 'node' : joined(node.map((name) => `node:${name}`)),
  ];
  return parts.filter((part) => part !== '').join('; ') || 'nothing';
}

/** The table of ARCHITECTURE.md, in Markdown. */
const renderFences = ({ zones }) =>
  [
    '| folder | is | may import |',
    '| --- | --- | --- |',
    ...zones.map((zone) => `| \`${zone.folder}\` | ${zone.is} | ${allowedText(zone)} |`),
  ].join('\n');

module.exports = { importsAgainst, renderFences, zoneOf };
