import { SimulatedSite, VM_SERVICE, WEB_01, basic, type Answer } from '../simulator/simulated-site';
import { OfficialDescription } from './official-description';
import { taskInfoViolations } from './task-info-violations';

interface Listed {
  readonly info: Record<string, unknown>;
}

const CLUSTER = '/snapservice/clusters/{cluster}';
const VMS = `${CLUSTER}/virtual-machines`;
const GROUPS = `${CLUSTER}/protection-groups`;

/** Where each operation of the simulator stands in the official description. */
const OFFICIAL = {
  about: 'GET /snapservice/info/about',
  'appliance.login': 'POST /snapservice/sessions',
  'appliance.session': 'GET /snapservice/sessions',
  'appliance.logout': 'DELETE /snapservice/sessions',
  'protectedVms.list': `GET ${VMS}`,
  'snapshots.list': `GET ${VMS}/{vm}/snapshots`,
  'snapshots.get': `GET ${VMS}/{vm}/snapshots/{snapshot}`,
  linkedClone: `POST ${VMS}/{vm}?action=linked-clone&vmw-task=true`,
  revert: `POST ${VMS}/{vm}?action=revert&vmw-task=true`,
  restore: `POST ${VMS}/{vm}?action=restore&vmw-task=true`,
  'tasks.get': 'GET /snapservice/tasks/{task}',
  'tasks.list': 'GET /snapservice/tasks',
  'protectionGroups.list': `GET ${GROUPS}`,
  'protectionGroups.get': `GET ${GROUPS}/{pg}`,
  'protectionGroups.snapshots': `GET ${GROUPS}/{pg}/snapshots`,
  'protectionGroups.snapshot': `POST ${GROUPS}/{pg}/snapshots?vmw-task=true`,
} as const;

type Name = keyof typeof OFFICIAL;
const NAMES = Object.keys(OFFICIAL) as Name[];

/** Every outcome that the simulator can produce by itself, as status or error type. */
const READ = ['200', 'UNAUTHENTICATED', 'UNAUTHORIZED', 'NOT_FOUND'];
const FILTERED = [...READ, 'INVALID_ARGUMENT'];
const STARTED = ['202', ...FILTERED.slice(1), 'NOT_ALLOWED_IN_CURRENT_STATE'];
const OUTCOMES: Record<Name, readonly string[]> = {
  about: ['200'],
  'appliance.login': ['201', 'UNAUTHENTICATED', 'SERVICE_UNAVAILABLE'],
  'appliance.session': ['200', 'UNAUTHENTICATED'],
  'appliance.logout': ['204', 'UNAUTHENTICATED'],
  'protectedVms.list': FILTERED,
  'snapshots.list': FILTERED,
  'snapshots.get': READ,
  linkedClone: [...STARTED, 'ALREADY_EXISTS'],
  revert: STARTED,
  restore: [...STARTED, 'ALREADY_EXISTS'],
  'tasks.get': READ,
  'tasks.list': ['200', 'UNAUTHENTICATED', 'UNAUTHORIZED', 'INVALID_ARGUMENT', 'RESOURCE_INACCESSIBLE'],
  'protectionGroups.list': FILTERED,
  'protectionGroups.get': READ,
  'protectionGroups.snapshots': FILTERED,
  'protectionGroups.snapshot': STARTED,
};

const STARTS = ['linkedClone', 'revert', 'restore'] as const;
const ACTION = { linkedClone: 'linked-clone', revert: 'revert', restore: 'restore' } as const;

const vmPath = (vm = WEB_01.vm, cluster = WEB_01.cluster) => `/clusters/${cluster}/virtual-machines/${vm}`;
const groupPath = (pg = 'pg-1', cluster = 'domain-c8') => `/clusters/${cluster}/protection-groups/${pg}`;
const newSnapshot = { method: 'POST', body: { name: 'on-demand', retention: { unit: 'DAY', duration: 2 } } };

describe.each(['8.0.3.0', '9.0.0.0', '9.1.0.0'])('release %s', (release) => {
  const official = new OfficialDescription(release);
  const seen = new Set<string>();
  const hasSessions = official.has(OFFICIAL['appliance.login']);
  let site: SimulatedSite;

  /** Validates a reply against the official description and notes its outcome. */
  function expectOutcome(name: Name, outcome: string, { status, body }: Answer): Answer['body'] {
    expect({ name, outcome: body?.error_type ?? String(status), body }).toMatchObject({ name, outcome });
    expect(official.violations(OFFICIAL[name], status, body)).toEqual([]);
    seen.add(`${name} ${outcome}`);
    return body;
  }

  beforeAll(async () => {
    site = await SimulatedSite.start({ release, maxClones: 3 });
  });
  afterAll(() => site.stop());

  const READS: readonly (readonly [Name, () => Promise<string>])[] = [
    ['protectedVms.list', async () => '/clusters/domain-c8/virtual-machines'],
    ['snapshots.list', async () => `${vmPath()}/snapshots`],
    ['snapshots.get', async () => `${vmPath()}/snapshots/${await site.snapshot('nightly-0412')}`],
    ['tasks.list', async () => `/tasks?services=${VM_SERVICE}`],
    ['tasks.get', async () => `/tasks/${encodeURIComponent(await aTask())}`],
    ['protectionGroups.list', async () => '/clusters/domain-c8/protection-groups'],
    ['protectionGroups.get', async () => groupPath()],
    ['protectionGroups.snapshots', async () => `${groupPath()}/snapshots`],
  ];

  async function aTask(): Promise<string> {
    const { body } = await site.appliance(`/tasks?services=${VM_SERVICE}`);
    return body.items[0]?.task ?? site.clone('first');
  }

  test.each(READS)('%s answers in the documented shape', async (name, path) => {
    expectOutcome(name, '200', await site.appliance(await path()));
  });

  test.each(READS)('%s without a session is refused', async (name, path) => {
    expectOutcome(name, 'UNAUTHENTICATED', await site.appliance(await path(), { session: 'nobody' }));
  });

  test.each(READS)('%s by a user who may not read is refused', async (name, path) => {
    const privileges = (change: string) => ({ privileges: { [change]: ['System.Read'] } });
    const url = await path();
    await site.control('PATCH', '/users/administrator@vsphere.local', privileges('remove'));
    expectOutcome(name, 'UNAUTHORIZED', await site.appliance(url));
    await site.control('PATCH', '/users/administrator@vsphere.local', privileges('add'));
  });

  test.each([
    ['protectedVms.list', '/clusters/domain-c0/virtual-machines'],
    ['snapshots.list', `${vmPath('vm-0')}/snapshots`],
    ['snapshots.list', `${vmPath('vm-1001', 'domain-c58')}/snapshots`],
    ['snapshots.get', `${vmPath()}/snapshots/nothing`],
    ['tasks.get', '/tasks/nothing%3Acom.vmware'],
    ['protectionGroups.list', '/clusters/domain-c0/protection-groups'],
    ['protectionGroups.get', groupPath('pg-0')],
    ['protectionGroups.get', groupPath('pg-2')],
    ['protectionGroups.snapshots', `${groupPath('pg-0')}/snapshots`],
  ] as const)('%s of an object that does not exist is not found (%s)', async (name, path) => {
    expectOutcome(name, 'NOT_FOUND', await site.appliance(path));
  });

  test.each([
    ['protectedVms.list', '/clusters/domain-c8/virtual-machines?vm=vm-1'],
    ['snapshots.list', `${vmPath()}/snapshots?name=x`],
    ['tasks.list', '/tasks'],
    ['tasks.list', '/tasks?status=RUNNING'],
    ['tasks.list', `/tasks?services=${VM_SERVICE}&status=DONE`],
    ['protectionGroups.list', '/clusters/domain-c8/protection-groups?name=x'],
    ['protectionGroups.snapshots', `${groupPath()}/snapshots?name=x`],
  ] as const)('%s with a filter that is not documented is an invalid argument (%s)', async (name, path) => {
    expectOutcome(name, 'INVALID_ARGUMENT', await site.appliance(path));
  });

  test('about needs no session, and tells the release', async () => {
    const about = await site.appliance('/info/about', { session: 'nobody' });
    expect(expectOutcome('about', '200', about)).toEqual({ version: release });
  });

  if (hasSessions) {
    test('a session is opened, read and closed', async () => {
      const { username, password } = site.simulator;
      const login = await site.appliance('/sessions', { method: 'POST', headers: basic(username, password) });
      const session: string = expectOutcome('appliance.login', '201', login);
      const who = expectOutcome('appliance.session', '200', await site.appliance('/sessions', { session }));
      expect(who.user).toBe('administrator@vsphere.local');
      expectOutcome(
        'appliance.logout',
        '204',
        await site.appliance('/sessions', { method: 'DELETE', session }),
      );
      expectOutcome('appliance.session', 'UNAUTHENTICATED', await site.appliance('/sessions', { session }));
      const again = await site.appliance('/sessions', { method: 'DELETE', session });
      expectOutcome('appliance.logout', 'UNAUTHENTICATED', again);
      const wrong = await site.appliance('/sessions', { method: 'POST', headers: basic(username, 'wrong') });
      expectOutcome('appliance.login', 'UNAUTHENTICATED', wrong);
    });

    test('a login when all sessions are in use is answered 503', async () => {
      const { username, password } = site.simulator;
      const logIn = () => site.appliance('/sessions', { method: 'POST', headers: basic(username, password) });
      await site.control('PATCH', '/settings', { maxSessions: 1 });
      expectOutcome('appliance.login', 'SERVICE_UNAVAILABLE', await logIn());
      await site.control('PATCH', '/settings', { maxSessions: 2000 });
      expectOutcome('appliance.login', '201', await logIn());
    });
  } else {
    test.each(['GET', 'POST', 'DELETE'])(
      '%s of sessions, which it does not have yet, is not found',
      async (method) => {
        const answer = await site.appliance('/sessions', { method });
        expect(answer).toMatchObject({ status: 404, body: { error_type: 'NOT_FOUND' } });
      },
    );
  }

  async function specOf(name: (typeof STARTS)[number], extra = {}) {
    const snapshot = await site.snapshot('nightly-0412');
    return name === 'linkedClone' ? { snapshot, name: 'copy', ...extra } : { snapshot, ...extra };
  }

  describe.each(STARTS)('%s', (name) => {
    const start = async (extra: object, at = WEB_01) =>
      site.start(ACTION[name], await specOf(name, extra), at);

    test('of a VM or cluster that does not exist is not found', async () => {
      expectOutcome(name, 'NOT_FOUND', await start({}, { cluster: 'domain-c8', vm: 'vm-0' }));
      expectOutcome(name, 'NOT_FOUND', await start({}, { cluster: 'domain-c0', vm: 'vm-1001' }));
    });

    test('with an unknown snapshot or a body that is not the spec is an invalid argument', async () => {
      expectOutcome(name, 'INVALID_ARGUMENT', await start({ snapshot: 'nothing' }));
      expectOutcome(name, 'INVALID_ARGUMENT', await start({ surprise: true }));
      expectOutcome(name, 'INVALID_ARGUMENT', await start({ snapshot: 7 }));
    });

    test('without a session is refused', async () => {
      const path = `${vmPath()}?vmw-task=true&action=${ACTION[name]}`;
      const answer = await site.appliance(path, {
        method: 'POST',
        body: await specOf(name),
        session: 'nobody',
      });
      expectOutcome(name, 'UNAUTHENTICATED', answer);
    });

    test('by a user without the privilege on the cluster is refused', async () => {
      const user = '/users/administrator@vsphere.local';
      await site.control('PATCH', user, { privileges: { remove: ['Host.Config.Storage'] } });
      expectOutcome(name, 'UNAUTHORIZED', await start({}));
      await site.control('PATCH', user, { privileges: { add: ['Host.Config.Storage'] } });
    });
  });

  test('a clone is accepted, and then a taken name, bad placements and full capacity are refused', async () => {
    site.clock.advance(60_000);
    const snapshot = await site.snapshot('nightly-0412');
    const clone = (spec: object) => site.start('linked-clone', { snapshot, name: 'ci-1', ...spec });
    expectOutcome('linkedClone', '202', await clone({ placement: { folder: 'group-v103' } }));
    site.clock.advance(60_000);
    const listed = await site.appliance('/clusters/domain-c8/virtual-machines?name_patterns=ci-*');
    const [item] = expectOutcome('protectedVms.list', '200', listed).items;
    expect(item.info).toMatchObject({ name: 'ci-1', snapshot_count: 0 });
    expect(item.info).not.toHaveProperty('last_snapshot_time');
    const taken = await clone({ placement: { folder: 'group-v103' } });
    expectOutcome('linkedClone', 'ALREADY_EXISTS', taken);
    for (const placement of [{ folder: 'group-h4' }, { resource_pool: 'resgroup-59' }, { host: 'host-62' }]) {
      expectOutcome('linkedClone', 'INVALID_ARGUMENT', await clone({ placement }));
    }
    for (const name of ['a', 'b', 'c']) expectOutcome('linkedClone', '202', await clone({ name }));
    expectOutcome('linkedClone', 'NOT_ALLOWED_IN_CURRENT_STATE', await clone({ name: 'd' }));
    site.clock.advance(60_000);
  });

  test('a revert is accepted, and refused when the capacity is used up or the VM has moved', async () => {
    const revert = async (at = WEB_01) =>
      site.start('revert', { snapshot: await site.snapshot('nightly-0412', at) }, at);
    await site.control('PATCH', '/settings', { maxReverts: 1 });
    expectOutcome('revert', '202', await revert());
    expectOutcome('revert', 'NOT_ALLOWED_IN_CURRENT_STATE', await revert());
    site.clock.advance(60_000);
    await site.control('POST', '/vms/vm-1003', { cluster: 'cluster-02' });
    const moved = await revert({ cluster: 'domain-c8', vm: 'vm-1003' });
    expectOutcome('revert', 'NOT_ALLOWED_IN_CURRENT_STATE', moved);
  });

  test('a restore is accepted for a deleted VM, and refused for a taken name and at full capacity', async () => {
    const at = { cluster: 'domain-c8', vm: 'vm-1004' };
    await site.control('DELETE', '/vms/vm-1004');
    const snapshot = await site.snapshot('nightly-0412', at);
    const restore = (spec: object = {}) => site.start('restore', { snapshot, ...spec }, at);
    const taken = await restore({ name: 'web-05', placement: { folder: 'group-v101' } });
    expectOutcome('restore', 'ALREADY_EXISTS', taken);
    for (const name of ['r1', 'r2', 'r3']) expectOutcome('restore', '202', await restore({ name }));
    expectOutcome('restore', 'NOT_ALLOWED_IN_CURRENT_STATE', await restore());
    site.clock.advance(60_000);
  });

  test('a snapshot of a group is accepted once at a time, and refused like every other start', async () => {
    const path = `${groupPath()}/snapshots?vmw-task=true`;
    const name = 'protectionGroups.snapshot';
    expectOutcome(name, '202', await site.appliance(path, newSnapshot));
    expectOutcome(name, 'NOT_ALLOWED_IN_CURRENT_STATE', await site.appliance(path, newSnapshot));
    site.clock.advance(60_000);
    const listed = await site.appliance(`${groupPath()}/snapshots?names=on-demand`);
    expect(
      expectOutcome('protectionGroups.snapshots', '200', listed).snapshots[0].info.vm_snapshots,
    ).toHaveLength(10);
    expectOutcome(name, 'INVALID_ARGUMENT', await site.appliance(path, { method: 'POST', body: {} }));
    expectOutcome(name, 'UNAUTHENTICATED', await site.appliance(path, { ...newSnapshot, session: 'nobody' }));
    const nowhere = `${groupPath('pg-0')}/snapshots?vmw-task=true`;
    expectOutcome(name, 'NOT_FOUND', await site.appliance(nowhere, newSnapshot));
    const user = '/users/administrator@vsphere.local';
    await site.control('PATCH', user, { privileges: { remove: ['Host.Config.Storage'] } });
    expectOutcome(name, 'UNAUTHORIZED', await site.appliance(path, newSnapshot));
    await site.control('PATCH', user, { privileges: { add: ['Host.Config.Storage'] } });
  });

  test('a task has in every status exactly the fields that the status brings', async () => {
    const task = await site.clone('statuses');
    const path = `/tasks/${encodeURIComponent(task)}`;
    const check = async (status: string) => {
      const info = expectOutcome('tasks.get', '200', await site.appliance(path));
      expect(info.status).toBe(status);
      expect(taskInfoViolations(info)).toEqual([]);
      return info;
    };
    await check('PENDING');
    site.clock.advance(300);
    await check('RUNNING');
    await site.control('POST', path, { status: 'BLOCKED' });
    await check('BLOCKED');
    await site.control('POST', path, { status: 'RUNNING' });
    site.clock.advance(60_000);
    expect((await check('SUCCEEDED')).result).toMatch(/^vm-\d+$/);
    await site.control('POST', path, { status: 'FAILED' });
    await check('FAILED');
  });

  test.each([
    ['clone', 'SUCCEEDED'],
    ['revert', 'SUCCEEDED'],
    ['restore', 'FAILED'],
  ])('a %s that ended as %s before is told as one of today', async (kind, status) => {
    const { body } = await site.control('POST', '/tasks', { count: 1, kind, status });
    const answer = await site.appliance(`/tasks?tasks=${encodeURIComponent(body.tasks[0])}`);
    expectOutcome('tasks.list', '200', answer);
    expect(answer.body.items.map(({ info }: Listed) => taskInfoViolations(info))).toEqual([[]]);
    expect(answer.body.items[0].info.status).toBe(status);
    expect((await site.ledger()).filter((effect) => effect.task === body.tasks[0])).toEqual([]);
  });

  test('a record is odd where the settings say so, and nowhere else', async () => {
    const { body } = await site.control('POST', '/tasks', { count: 2 });
    const [odd, intact] = body.tasks as string[];
    const oddRecords = [{ operation: 'tasks.list', id: odd, field: 'info.cancelable' }];
    await site.control('PATCH', '/settings', { oddRecords });
    const list = (task = '') => site.appliance(`/tasks?tasks=${encodeURIComponent(task)}`);
    expect(official.violations(OFFICIAL['tasks.list'], 200, (await list(odd)).body)).toHaveLength(1);
    expect(official.violations(OFFICIAL['tasks.list'], 200, (await list(intact)).body)).toEqual([]);
    await site.control('PATCH', '/settings', { oddRecords: [] });
    expect(official.violations(OFFICIAL['tasks.list'], 200, (await list(odd)).body)).toEqual([]);
  });

  test('more than 1000 matching tasks are a 500, not a cut list', async () => {
    await site.control('POST', '/tasks', { count: 1001 });
    const path = `/tasks?services=${VM_SERVICE}`;
    expectOutcome('tasks.list', 'RESOURCE_INACCESSIBLE', await site.appliance(path));
  });

  test.each(NAMES.filter((name) => name !== 'about' && official.has(OFFICIAL[name])))(
    '%s made to fail by a fault rule answers with a documented error',
    async (name) => {
      const [method = 'GET', path = ''] = OFFICIAL[name].split(' ');
      const url = path
        .replace('/snapservice', '')
        .replace('{cluster}', 'domain-c8')
        .replace('{vm}', 'vm-1001')
        .replace(/\{\w+\}/g, 'x');
      const faults: [number, string][] = [[503, 'SERVICE_UNAVAILABLE']];
      if (!name.startsWith('appliance.')) faults.push([500, 'ERROR']);
      for (const [status, errorType] of faults) {
        await site.control('POST', '/faults', { operation: name, action: { status, errorType }, count: 1 });
        expectOutcome(name, errorType, await site.appliance(url, { method }));
      }
      await site.control('DELETE', '/faults');
    },
  );

  test('a reply that strays from the description is caught', async () => {
    const { body } = await site.appliance(`${vmPath()}/snapshots`);
    const tamper = (change: object) => ({ items: [{ ...body.items[0], ...change }] });
    const violations = (tampered: unknown) => official.violations(OFFICIAL['snapshots.list'], 200, tampered);
    expect(violations(body)).toEqual([]);
    expect(violations(tamper({ snapshot: 7 }))).not.toEqual([]);
    expect(violations(tamper({ info: { ...body.items[0].info, created_at: 'yesterday' } }))).not.toEqual([]);
    expect(violations(tamper({ surprise: true }))).not.toEqual([]);
    expect(violations(tamper({ info: { ...body.items[0].info, snapshot_type: 'HOURLY' } }))).not.toEqual([]);
    expect(official.violations(OFFICIAL.about, 400, {})).not.toEqual([]);
    const error = { error_type: 'ALREADY_EXISTS', messages: [] };
    expect(official.violations(OFFICIAL['tasks.get'], 404, error)).not.toEqual([]);
    expect(taskInfoViolations({ status: 'PENDING', start_time: 'x' })).not.toEqual([]);
  });

  test('a value or field of 9.1 is a violation before it', async () => {
    const { body: snapshots } = await site.appliance(`${vmPath()}/snapshots`);
    const { body: vms } = await site.appliance('/clusters/domain-c8/virtual-machines');
    snapshots.items[0].info.snapshot_type = 'STAGED';
    vms.items[0].info.bios_uuid = '4210';
    const found = [
      official.violations(OFFICIAL['snapshots.list'], 200, snapshots),
      official.violations(OFFICIAL['protectedVms.list'], 200, vms),
    ];
    expect(found.map((violations) => violations.length)).toEqual(release === '9.1.0.0' ? [0, 0] : [1, 1]);
  });

  test('every operation was seen with every outcome that it can have', () => {
    const expected = NAMES.filter((name) => official.has(OFFICIAL[name])).flatMap((name) =>
      OUTCOMES[name].map((outcome) => `${name} ${outcome}`),
    );
    expect([...expected].filter((outcome) => !seen.has(outcome))).toEqual([]);
  });
});
