import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SettingInvalid,
  readableKey,
  temporalSecrets,
  temporalSettings,
} from '../../../src/client/temporal-settings';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapflow-temporal-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(content: string): string {
  const path = join(folder, 'temporal.toml');
  writeFileSync(path, content);
  return path;
}
function refusal(environment: Record<string, string>): string {
  try {
    temporalSettings({}, environment);
  } catch (error) {
    if (error instanceof SettingInvalid) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

test('switching host verification off is refused by name, spelling it out as off is not', () => {
  for (const on of ['true', '1'])
    expect(refusal({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: on })).toMatch(
      /^TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: unset it/,
    );
  expect(temporalSettings({}, { TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'false' }).namespace).toBe('default');
});

test('empty variables are as good as none, and options win over variables', () => {
  const environment = { TEMPORAL_CONFIG_FILE: '', TEMPORAL_ADDRESS: 'a:1', TEMPORAL_NAMESPACE: 'n' };
  expect(temporalSettings({}, environment)).toMatchObject({ address: 'a:1', namespace: 'n' });
  expect(temporalSettings({ address: '[::1]:2', namespace: 'm' }, environment)).toMatchObject({
    address: '[::1]:2',
    namespace: 'm',
  });
});

test.each(['http://localhost:7233', 'local host', 'a:b', 'a:1:2'])(
  '%s is refused as an address',
  (address) => {
    expect(refusal({ TEMPORAL_ADDRESS: address })).toBe(
      `The Temporal address "${address}" (--address or TEMPORAL_ADDRESS) is not host:port: give it like localhost:7233.`,
    );
  },
);

test.each([
  ['empty', '', /has no profile "default": add it, or choose another with --profile/],
  ['without the profile', '[profile.other]\naddress = "a:1"\n', /has no profile "lab": add it/],
  ['no TOML', 'api_key = [secret', /cannot be read \(Invalid TOML document: [^\n]*\): correct it/],
])('a configuration file that is %s is one sentence that names it', (what, content, sentence) => {
  const path = file(content);
  const said = refusal({
    TEMPORAL_CONFIG_FILE: path,
    ...(what === 'without the profile' ? { TEMPORAL_PROFILE: 'lab' } : {}),
  });
  expect(said).toMatch(sentence);
  expect(said).toContain(`TEMPORAL_CONFIG_FILE "${path}"`);
  expect(said).not.toContain('\n');
  expect(said).not.toContain('secret');
});

test('a certificate that is not there is named', () => {
  expect(refusal({ TEMPORAL_ADDRESS: 'a:1', TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere' })).toMatch(
    /names "\/nowhere", which cannot be read \(ENOENT\): correct the path/,
  );
});

test('a key or a header with a line break is refused before gRPC shows it in an error', () => {
  const key = 'Canary-key\r\nx: y';
  expect(refusal({ TEMPORAL_API_KEY: key })).toMatch(/^TEMPORAL_API_KEY .* give the key alone\.$/);
  expect(refusal({ TEMPORAL_GRPC_META_X_TOKEN: key })).toMatch(/^The gRPC header "x-token"/);
  for (const variable of ['TEMPORAL_API_KEY', 'TEMPORAL_GRPC_META_X_TOKEN'])
    expect(refusal({ [variable]: key })).not.toContain('Canary');
});

test('switching TLS off with a key is seen', () => {
  const environment = { TEMPORAL_ADDRESS: 'far:7233', TEMPORAL_API_KEY: 'Key-1', TEMPORAL_TLS: 'false' };
  expect(readableKey(temporalSettings({}, environment))).toMatch(/far:7233 is switched off/);
  const { TEMPORAL_TLS: _off, ...safe } = environment;
  expect(readableKey(temporalSettings({}, safe))).toBeUndefined();
});

test('the key and headers that hold a credential are secrets, a header with a usual word is none', () => {
  const environment = {
    TEMPORAL_API_KEY: 'Key-1',
    TEMPORAL_GRPC_META_X_TEAM: 'platform',
    TEMPORAL_GRPC_META_X_TOKEN: 'Token-1',
  };
  expect(temporalSecrets(temporalSettings({}, environment))).toEqual(['Key-1', 'Token-1']);
});
