import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../src/contract/operations';
import { TEMPORAL_CLI_VERSION } from '../../packages/dev-server/src/temporal-cache';
import { composeVariables, loadCompose, type ComposeService } from '../cluster/load-compose';

const ROOT = join(__dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

const FILES = ['docker-compose.yml', 'docker-compose.production.yml'] as const;
const development = loadCompose(FILES[0]).services;
const production = loadCompose(FILES[1]);
const DURATION = /^\d+(ms|s|m|h)$/;
const CONDITIONS = ['service_healthy', 'service_completed_successfully'];

const isJob = ({ restart }: ComposeService): boolean => restart?.startsWith('on-failure') ?? false;

const reaches = (
  services: Readonly<Record<string, ComposeService>>,
  from: string,
  wanted: string,
  // A cycle is found in as many steps as there are services.
  steps = Object.keys(services).length,
): boolean =>
  steps > 0 &&
  Object.keys(services[from]?.depends_on ?? {}).some(
    (next) => next === wanted || reaches(services, next, wanted, steps - 1),
  );

describe.each(FILES)('%s', (file) => {
  const { services, volumes, configs, secrets } = loadCompose(file);

  describe.each(Object.entries(services))('service %s', (name, service) => {
    test('has lists where a shell must not split', () => {
      if (service.command !== undefined) expect(Array.isArray(service.command)).toBe(true);
    });

    test('pins its image to an exact version and builds from a folder that has a Dockerfile', () => {
      expect(service.image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-bookworm)?$/);
      if (service.build !== undefined) {
        expect(existsSync(join(ROOT, service.build.context, 'Dockerfile'))).toBe(true);
        expect(service.image?.split(':')[0]).toBe(
          service.build.target === 'simulator' ? 'snapflow-simulator' : 'snapflow',
        );
        expect(read('Dockerfile')).toContain(` AS ${service.build.target}\n`);
      } else expect(service.image).toMatch(/^(temporalio\/|postgres:)/);
    });

    test('has a health check without a shell, with every time spelled with its unit, unless it is a job', () => {
      if (isJob(service)) return expect(service.healthcheck?.test).toBeUndefined();
      expect(service.healthcheck?.test?.[0]).toBe('CMD');
      expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
      expect(service.healthcheck?.interval).toMatch(DURATION);
      expect(service.healthcheck?.timeout).toMatch(DURATION);
      expect(service.healthcheck?.retries).toBeGreaterThan(0);
    });

    test('depends on services that exist, on a job by its success and on others by their health, and on no cycle', () => {
      for (const [dependency, { condition }] of Object.entries(service.depends_on ?? {})) {
        const needed = services[dependency];
        expect(Object.keys(services)).toContain(dependency);
        expect(condition).toBe(CONDITIONS[needed !== undefined && isJob(needed) ? 1 : 0]);
      }
      expect(reaches(services, name, name)).toBe(false);
    });

    test('uses declared volumes, configurations and secrets, and nothing of the machine that it may change', () => {
      for (const volume of service.volumes ?? []) {
        if (typeof volume !== 'string') {
          expect(volume).toMatchObject({ type: 'bind', read_only: true });
          continue;
        }
        const [source, target] = volume.split(':');
        expect(Object.keys(volumes ?? {})).toContain(source);
        expect(target).toMatch(/^\//);
      }
      for (const { source } of service.configs ?? []) {
        expect(existsSync(join(ROOT, configs?.[source]?.file ?? 'nothing'))).toBe(true);
      }
      for (const secret of service.secrets ?? []) expect(Object.keys(secrets ?? {})).toContain(secret);
    });

    test('is reached from this machine only', () => {
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    });

    test('has no password written down', () => {
      const names = Object.keys(service.environment ?? {});
      expect(names.filter((one) => /PASS|PWD|KEY|TOKEN/.test(one) && !one.endsWith('_FILE'))).toEqual([]);
    });
  });

  test('every version is a variable of .env, and no image is a deprecated one', () => {
    const images = [...read(file).matchAll(/^ *image: (.*)$/gm)].map(([, image]) => image);
    expect(images.length).toBeGreaterThan(1);
    for (const image of images) expect(image).toMatch(/^[a-z/-]+:\$\{[A-Z_]+_VERSION\}(-bookworm)?$/);
    expect(read(file)).not.toMatch(/auto-setup|:latest|docker-builds/);
  });
});

test('every variable of .env is used, and its versions are those of the package, the Dockerfile and the engine', () => {
  const variables = composeVariables();
  const used = FILES.map(read).join('\n');
  for (const name of Object.keys(variables)) expect(used).toContain(`\${${name}}`);
  expect(variables['SNAPFLOW_VERSION']).toBe(
    (JSON.parse(read('package.json')) as { version: string }).version,
  );
  expect(variables['NODE_VERSION']).toBe(/^ARG NODE_VERSION=(.*)$/m.exec(read('Dockerfile'))?.[1]);
  expect(variables['TEMPORAL_CLI_VERSION']).toBe(TEMPORAL_CLI_VERSION);
});

describe('the development form', () => {
  test('registers the five search attributes at the start of its server', () => {
    const flags = development['temporal']?.command?.filter((part) => part.startsWith('--search-attribute='));
    expect(flags).toEqual(
      Object.values(SEARCH_ATTRIBUTES).map((name) => `--search-attribute=${name}=Keyword`),
    );
  });
});

describe.each([
  ['development', development, 'worker'],
  ['production', production.services, 'simulator-worker'],
])("the %s form's worker of the simulator", (_form, services, name) => {
  test('shares the network of the simulator and therefore publishes no port itself', () => {
    const worker = services[name];
    expect(worker?.network_mode).toBe('service:simulator');
    expect(worker?.ports).toBeUndefined();
    expect(worker?.depends_on?.['simulator']).toEqual({ condition: 'service_healthy', restart: true });
  });

  test("has the simulator's ports as its vSphere addresses", () => {
    const command = (services['simulator']?.command ?? []).join(' ');
    const { environment } = services[name] ?? {};
    const port = (flag: string): string | undefined => new RegExp(`--${flag} (\\d+)`).exec(command)?.[1];
    expect(environment?.['VSPHERE_VCENTER_URL']).toBe(`http://127.0.0.1:${port('vcenter-port')}`);
    expect(environment?.['VSPHERE_APPLIANCE_URL']).toBe(`http://127.0.0.1:${port('appliance-port')}`);
  });
});

describe('the production form', () => {
  const { services } = production;

  test('starts in the order database, schema, server, namespace, search attributes, workers', () => {
    const order = ['worker', 'search-attributes', 'namespace', 'temporal', 'schema', 'postgresql'];
    for (const [index, name] of order.slice(0, -1).entries())
      expect(Object.keys(services[name]?.depends_on ?? {})).toEqual([order[index + 1]]);
  });

  test('gives every service a limit, a restart policy and logs that end', () => {
    for (const service of Object.values(services)) {
      expect(service.deploy?.resources?.limits).toEqual({
        cpus: expect.stringMatching(/^\d$/),
        memory: expect.stringMatching(/^\d+[mg]$/),
      });
      expect(service.restart).toMatch(/^(unless-stopped|on-failure:10)$/);
      expect(service).toHaveProperty('logging.options.max-size');
    }
  });

  test('runs two workers, which are given longer than a drain takes', () => {
    expect(Number(services['worker']?.deploy?.replicas)).toBe(2);
    // 20 s for what runs and 3 s for the logouts, as docs/operations.md says.
    expect(Number.parseInt(services['worker']?.stop_grace_period ?? '', 10)).toBeGreaterThan(23);
  });

  test('leaves what only development needs to a profile', () => {
    const withProfile = Object.entries(services).filter(([, { profiles }]) => profiles !== undefined);
    expect(withProfile.map(([name]) => name)).toEqual(['simulator', 'simulator-worker']);
  });

  test('has every secret in a folder that git and the image leave out', () => {
    const files = Object.values(production.secrets ?? {}).map(({ file }) => file);
    expect(files).toEqual(['deploy/secrets/postgres-password']);
    expect(read('.gitignore').split('\n')).toContain('deploy/secrets/');
    expect(read('.dockerignore').split('\n')[0]).toBe('*');
  });
});
