// docs/schemas as texts: the zod schemas of the contract as JSON Schema, described by the doc comments of its types.
// CommonJS, so that a unit test can load it as well.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { z } = require('zod');
const { readDeclarations } = require('./read-declarations.js');

/**
 * `\p{…}` in a pattern needs a flag that JSON Schema has no word for, and Python does not know it; Go does not know `\u`:
 * the same characters in a way that all of them read. Halves of surrogate pairs cannot be in JSON that is UTF-8.
 */
const PORTABLE = {
  [String.raw`^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$`]: `^[^\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]*$`,
  // Those that turn text around or have no width. The rest of the category is refused by the worker alone.
  [String.raw`^\P{Cf}*$`]:
    '^[^\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*$',
};

/** What a reader would not see is written as an escape of JSON, which every parser reads as the character. */
const visible = (json) =>
  json.replaceAll(/\p{Cf}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

function documented(sources) {
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
}

/** Where the types are declared whose doc comments describe the schemas: the contract, and what the command line writes. */
const OUTSIDE_CONTRACT = ['src/client/operation-views.ts', 'src/cli/overview.ts', 'src/cli/output.ts'];

/** @returns texts of these files */
exports.schemaSources = (root) =>
  [
    ...readdirSync(join(root, 'src/contract')).map((name) => join('src/contract', name)),
    ...OUTSIDE_CONTRACT,
  ].map((file) => readFileSync(join(root, file), 'utf8'));

/** @param sources as `schemaSources` gives them @returns text by file name */
exports.renderSchemas = (schemas, sources) => {
  const { docOf, docsOf } = documented(sources);
  const portable = ({ jsonSchema }) => {
    for (const part of [jsonSchema, ...(jsonSchema.allOf ?? [])])
      if (Object.hasOwn(PORTABLE, part.pattern ?? '')) part.pattern = PORTABLE[part.pattern];
  };
  // Of the finished schema: zod fills in what several places share after it has called `override`.
  const described = (_key, schema) => {
    const { title, properties } = schema ?? {};
    if (typeof title !== 'string') return schema;
    const docs = docsOf(title);
    const fields = Object.entries(properties ?? {}).map(([name, property]) => [
      name,
      docs[name] === undefined ? property : { description: docs[name], ...property },
    ]);
    return {
      ...schema,
      ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
      ...(docOf(title) === undefined ? {} : { description: docOf(title) }),
    };
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const json = JSON.stringify(z.toJSONSchema(schema, { io: 'input', override: portable }));
      return [`${name}.json`, `${visible(JSON.stringify(JSON.parse(json, described), null, 2))}\n`];
    }),
  );
};
