// docs/schemas as texts: the zod schemas of the contract as JSON Schema, described by the doc comments of its types.
// CommonJS, so that a unit test can load it as well.
const { z } = require('zod');
const { readDeclarations } = require('./read-declarations.js');

/**
 * `\p{…}` in a pattern needs a flag that JSON Schema has no word for, and Python does not know it; Go does not know `\u`:
 * the same characters in a way that all of them read. Halves of surrogate pairs cannot be in JSON that is UTF-8.
 */
const PATTERN = String.raw`^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$`;
const PORTABLE = `^[^\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]*$`;

const documented = (sources) => {
  const all = new Map(
    sources.flatMap(readDeclarations).map((declaration) => [declaration.name, declaration]),
  );
  const docsOf = (title) => {
    const { members = [], extended = [] } = all.get(title) ?? {};
    const inherited = Object.assign({}, ...extended.map(docsOf));
    return {
      ...inherited,
      ...Object.fromEntries(members.flatMap(({ name, doc }) => (doc ? [[name, doc]] : []))),
    };
  };
  return { docOf: (title) => all.get(title)?.doc, docsOf };
};

/** @param sources texts of the contract's files @returns text by file name */
exports.renderSchemas = (schemas, sources) => {
  const { docOf, docsOf } = documented(sources);
  const describe = ({ jsonSchema }) => {
    for (const part of [jsonSchema, ...(jsonSchema.allOf ?? [])])
      if (part.pattern === PATTERN) part.pattern = PORTABLE;
    const { title } = jsonSchema;
    if (title === undefined) return;
    const doc = docOf(title);
    if (doc !== undefined) jsonSchema.description = doc;
    const docs = docsOf(title);
    for (const [name, property] of Object.entries(jsonSchema.properties ?? {}))
      if (docs[name] !== undefined) jsonSchema.properties[name] = { description: docs[name], ...property };
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const json = z.toJSONSchema(schema, { io: 'input', override: describe });
      return [`${name}.json`, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
};
