import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SEARCH_ATTRIBUTES } from '../../src/contract/names';
import { TEMPORAL_CLI_VERSION } from '../../src/engine/temporal-cache';

const ROOT = join(__dirname, '../..');
const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { condition: string; restart?: boolean }>>;
  readonly healthcheck?: { test: readonly string[]; interval: string; timeout: string; retries: number };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose = parse(text) as Compose;
const services = Object.entries(compose.services);

/** The part of the Compose Specification that this file uses. An unknown key is an error of docker compose. */
const SERVICE_KEYS = [
  'build',
  'command',
  'depends_on',
  'environment',
  'healthcheck',
  'image',
  'mem_limit',
  'network_mode',
  'ports',
  'restart',
  'stop_grace_period',
  'volumes',
];
const DURATION = /^\d+(ms|s|m|h)$/;

test('the file has the three services and only top-level keys of the specification', () => {
  expect(Object.keys(compose).toSorted()).toEqual(['name', 'services', 'volumes']);
  expect(services.map(([name]) => name)).toEqual(['temporal', 'simulator', 'worker']);
});

describe.each(services)('service %s', (name, service) => {
  test('has known keys, and a list where the shell must not split', () => {
    expect(Object.keys(service).filter((key) => !SERVICE_KEYS.includes(key))).toEqual([]);
    expect(Array.isArray(service.command)).toBe(true);
    expect((service.command ?? []).every((part) => typeof part === 'string')).toBe(true);
  });

  test('pins its image to an exact version and builds from a folder that exists', () => {
    expect(service.image).toMatch(/^[a-z/]+:\d+\.\d+\.\d+$/);
    if (service.build !== undefined) expect(existsSync(join(ROOT, service.build, 'Dockerfile'))).toBe(true);
    else expect(service.image).toContain('/');
  });

  test('has a health check without a shell, with every time spelled with its unit', () => {
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.healthcheck?.interval).toMatch(DURATION);
    expect(service.healthcheck?.timeout).toMatch(DURATION);
    expect(service.healthcheck?.retries).toBeGreaterThan(0);
  });

  test('depends on healthy services that exist, and on no cycle', () => {
    for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(dependency);
      expect(condition).toBe('service_healthy');
      expect(Object.keys(compose.services[dependency]?.depends_on ?? {})).not.toContain(name);
    }
  });

  test('uses declared volumes', () => {
    for (const volume of service.volumes ?? []) {
      const [source, target] = volume.split(':');
      expect(Object.keys(compose.volumes)).toContain(source);
      expect(target).toMatch(/^\//);
    }
  });

  test('is reached from this machine only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });
});

test('the Temporal server is the release that the engine installs, with the five search attributes', () => {
  const temporal = compose.services['temporal'];
  expect(temporal?.image).toBe(`temporalio/temporal:${TEMPORAL_CLI_VERSION}`);
  const registered = (temporal?.command ?? []).filter((part) => part.startsWith('--search-attribute='));
  expect(registered).toEqual(
    Object.values(SEARCH_ATTRIBUTES).map((name) => `--search-attribute=${name}=Keyword`),
  );
});

test('the worker shares the network of the simulator and therefore publishes no port itself', () => {
  const worker = compose.services['worker'];
  expect(worker?.network_mode).toBe('service:simulator');
  expect(worker?.ports).toBeUndefined();
  expect(worker?.depends_on?.['simulator']).toEqual({ condition: 'service_healthy', restart: true });
});

test("the worker's vSphere addresses are the simulator's ports", () => {
  const command = (compose.services['simulator']?.command ?? []).join(' ');
  const { environment } = compose.services['worker'] ?? {};
  const port = (flag: string): string | undefined => new RegExp(`--${flag} (\\d+)`).exec(command)?.[1];
  expect(environment?.['VSPHERE_VCENTER_URL']).toBe(`http://127.0.0.1:${port('vcenter-port')}`);
  expect(environment?.['VSPHERE_APPLIANCE_URL']).toBe(`http://127.0.0.1:${port('appliance-port')}`);
});

test('no password is written down and no deprecated image is used', () => {
  for (const [, service] of services)
    expect(Object.keys(service.environment ?? {})).not.toContain('VSPHERE_PASSWORD');
  expect(text).not.toContain('auto-setup');
  expect(text).not.toContain('latest\n');
});
