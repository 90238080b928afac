// npm run docs:generate: writes docs/failures.md, docs/schemas, docs/contract-vectors.json and the safety wait in docs/operations.md from the built code.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './build-stamp.mjs';
import { setUp } from './setup.mjs';

setUp();
const load = createRequire(import.meta.url);
const { FAILURES } = load(join(ROOT, 'dist/contract/failures.js'));
const { ERRORS } = load(join(ROOT, 'dist/contract/errors.js'));
const { ERROR_CLASSES } = load(join(ROOT, 'dist/activities/errors.js'));
const { PUBLISHED_SCHEMAS } = load(join(ROOT, 'dist/request/published-schemas.js'));
const { renderFailures } = load('./render-failures.js');
const { renderSchemas } = load('./render-schemas.js');
const { renderSafetyWait, withSafetyWait } = load('./render-safety-wait.js');
const { renderVectors } = load('./render-vectors.js');
const { DEFAULT_SETTINGS } = load(join(ROOT, 'dist/contract/operations.js'));
const service = load(join(ROOT, 'dist/contract/service.js'));

writeFileSync(join(ROOT, 'docs/failures.md'), renderFailures(FAILURES, ERROR_CLASSES, ERRORS));

const operations = join(ROOT, 'docs/operations.md');
const safetyWait = renderSafetyWait(service, DEFAULT_SETTINGS);
writeFileSync(operations, withSafetyWait(readFileSync(operations, 'utf8'), safetyWait));

const code = ['contract/operations', 'request/identity'];
const functions = Object.assign({}, ...code.map((path) => load(join(ROOT, `dist/${path}.js`))));
writeFileSync(join(ROOT, 'docs/contract-vectors.json'), renderVectors(functions));

const { schemaSources } = load('./render-schemas.js');
const sources = schemaSources(ROOT);
const schemas = join(ROOT, 'docs/schemas');
rmSync(schemas, { recursive: true, force: true });
mkdirSync(schemas);
for (const [name, text] of Object.entries(renderSchemas(PUBLISHED_SCHEMAS, sources)))
  writeFileSync(join(schemas, name), text);
