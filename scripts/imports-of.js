const { parseSync } = require('@swc/core');

const TYPESCRIPT = { syntax: 'typescript', target: 'es2022' };
const JAVASCRIPT = { syntax: 'ecmascript', target: 'es2022' };

/** The text of a string or of a template without holes; undefined is one that only a run can tell. */
function textOf(node) {
  if (node?.type === 'StringLiteral') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].cooked;
  return undefined;
}

/** What a node imports: whether for its types alone, and the children that are no part of the import. */
function importIn(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? { from: textOf(node.source), type: node.typeOnly === true, rest: [] } : undefined;
    case 'TsImportEqualsDeclaration':
      return node.moduleRef.type === 'TsExternalModuleReference'
        ? { from: textOf(node.moduleRef.expression), type: node.isTypeOnly, rest: [] }
        : undefined;
    case 'TsImportType':
      return { from: textOf(node.argument), type: true, rest: [node.typeArguments] };
    case 'CallExpression':
      return node.callee.type === 'Import' || isRequire(node.callee)
        ? { from: textOf(node.arguments[0]?.expression), type: false, rest: node.arguments }
        : undefined;
    case 'Identifier':
      // As anything but a callee it may import under another name.
      return isRequire(node) ? { from: undefined, type: false, rest: [] } : undefined;
    default:
      return undefined;
  }
}

const isRequire = (node) => node.type === 'Identifier' && node.value === 'require';

/**
 * Every import of a source: static, `export … from`, `import type`, `import()`, `require` and `import('…')` as a type.
 *
 * `from` is undefined where it is computed.
 */
function importsOf(path, source) {
  const found = [];
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach(visit);
    const here = typeof node.type === 'string' ? importIn(node) : undefined;
    if (here !== undefined) found.push({ from: here.from, type: here.type });
    Object.values(here?.rest ?? node).forEach(visit);
  };
  visit(parseSync(source, /\.[cm]?js$/.test(path) ? JAVASCRIPT : TYPESCRIPT).body);
  return found;
}

module.exports = { importsOf };
