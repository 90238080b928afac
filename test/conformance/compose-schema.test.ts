import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { loadCompose } from '../cluster/load-compose';

/** The Compose Specification's own schema, as docker compose itself validates with. */
const SCHEMA = join(__dirname, 'spec', 'compose-spec-2.16.2.json');

const ajv = new Ajv({ strict: false });
addFormats(ajv);
const isCompose = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

function refusals(compose: unknown): readonly string[] {
  isCompose(compose);
  return (isCompose.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test.each(['docker-compose.yml', 'docker-compose.production.yml'])(
  '%s, with the variables of .env put in, is a file that docker compose accepts',
  (file) => expect(refusals(loadCompose(file))).toEqual([]),
);

test('a command in which YAML finds a mapping is refused, and so is a key that the specification lacks', () => {
  const { services } = loadCompose('docker-compose.yml');
  const worker = { ...services['worker'], healthcheck: { test: ['CMD', 'node', { 'r.ok ? 0': '1' }] } };
  expect(refusals({ services: { worker } })).toContain('/services/worker/healthcheck/test/2 must be string');
  expect(refusals({ services: { worker: { image: 'a', restarts: 'always' } } })).toContain(
    '/services/worker must NOT have unevaluated properties',
  );
});
