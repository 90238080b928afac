const { parseSync } = require('@swc/core');

const isBlockArrow = ({ id, init }) =>
  init?.type === 'ArrowFunctionExpression' &&
  'stmts' in init.body &&
  // A declaration cannot be given the type of a function.
  id.typeAnnotation === null;

/** The arrow constants of a source's top level that hold statements. What holds statements is declared as a function. */
function arrowsWithStatements(path, source) {
  const isScript = /\.[cm]?js$/.test(path);
  return parseSync(source, { syntax: isScript ? 'ecmascript' : 'typescript', target: 'es2022' })
    .body.map((item) => (item.type === 'ExportDeclaration' ? item.declaration : item))
    .filter(({ type }) => type === 'VariableDeclaration')
    .flatMap(({ declarations }) => declarations.filter(isBlockArrow))
    .map(
      ({ id }) => `${path}: ${id.value} is an arrow constant with statements: write function ${id.value}.`,
    );
}

module.exports = { arrowsWithStatements };
