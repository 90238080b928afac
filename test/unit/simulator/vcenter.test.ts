import { SimulatedSite } from '../../simulator/simulated-site';

let site: SimulatedSite;
beforeAll(async () => {
  site = await SimulatedSite.start();
});
afterAll(() => site.stop());

const list = async (path: string) => (await site.vcenter(`/api/vcenter/${path}`)).body;

test.each([
  ['vm', 20],
  ['vm?names=shared-01', 2],
  ['vm?names=shared-01&folders=group-v102', 1],
  ['vm?vms=vm-1001&vms=vm-1002', 2],
  ['vm?clusters=domain-c58', 8],
  ['vm?datacenters=datacenter-2&power_states=POWERED_OFF', 1],
  ['vm?hosts=host-12&resource_pools=resgroup-20', 2],
  ['cluster', 2],
  ['cluster?names=cluster-02&datacenters=datacenter-2&folders=group-h4', 1],
  ['folder?type=VIRTUAL_MACHINE&names=vm', 1],
  ['folder?parent_folders=group-v3', 4],
  ['folder?datacenters=datacenter-2&folders=group-v3', 1],
  ['resource-pool?names=Resources', 2],
  ['resource-pool?clusters=domain-c8&parent_resource_pools=resgroup-9', 2],
  ['resource-pool?hosts=host-62&names=ci&datacenters=datacenter-2', 1],
  ['host?clusters=domain-c8', 3],
  ['host?standalone=true', 0],
  ['host?connection_states=CONNECTED&folders=group-h4&names=esx-01.example.test', 1],
  ['datacenter?names=dc-01&folders=group-d1', 1],
  ['datacenter?datacenters=datacenter-9', 0],
])('%s lists %i', async (path, count) => {
  expect(await list(path)).toHaveLength(count);
});

test.each(['vm?name=web-01', 'vm?power_states=ON', 'folder?type=VM', 'host?standalone=maybe'])(
  '%s is an invalid argument',
  async (path) => {
    expect((await list(path)).error_type).toBe('INVALID_ARGUMENT');
  },
);

test('power follows its documented states', async () => {
  const power = async (action: string) => {
    const answer = await site.vcenter(`/api/vcenter/vm/vm-1005/power?action=${action}`, { method: 'POST' });
    return answer.body.error_type ?? answer.status;
  };
  expect(await power('start')).toBe('ALREADY_IN_DESIRED_STATE');
  expect(await power('reset')).toBe(204);
  expect(await power('stop')).toBe(204);
  expect(await power('stop')).toBe('ALREADY_IN_DESIRED_STATE');
  expect(await power('reset')).toBe('NOT_ALLOWED_IN_CURRENT_STATE');
  expect(await list('vm/vm-1005/power')).toEqual({ state: 'POWERED_OFF', clean_power_off: false });
  expect(await power('start')).toBe(204);
  expect(await list('vm/vm-1005/power')).toEqual({ state: 'POWERED_ON' });
});

test('a request line above 8 KiB is answered 414, and an unknown path 404', async () => {
  expect((await site.vcenter(`/api/vcenter/vm?names=${'a'.repeat(8200)}`)).status).toBe(414);
  expect((await site.vcenter(`/api/vcenter/vm?names=${'a'.repeat(80_000)}`)).status).toBe(414);
  expect((await site.vcenter(`/api/vcenter/vm?names=${'a'.repeat(7000)}`)).status).toBe(200);
  expect((await site.vcenter('/api/vcenter/nothing')).body).toMatchObject({
    error_type: 'NOT_FOUND',
    messages: [{ id: 'com.vmware.vapi.rest.httpNotFound' }],
  });
});

test('a list of more than 4000 VMs is refused', async () => {
  const { body } = await site.control('GET', '/state');
  const [first] = body.inventory.vms;
  const many = Array.from({ length: 4001 }, (_, index) => ({
    ...first,
    id: `vm-x${index}`,
    name: `x${index}`,
  }));
  const big = await SimulatedSite.start({ inventory: { ...body.inventory, vms: many, snapshots: [] } });
  const ask = async (path: string) => (await big.vcenter(path)).body;
  expect(await ask('/api/vcenter/vm')).toMatchObject({
    error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
    messages: [{ id: expect.stringMatching(/\.too_many_matches$/) }],
  });
  expect(await ask('/api/vcenter/vm?names=x17')).toHaveLength(1);
  await big.stop();
});

describe('VI/JSON', () => {
  const manager = '/sdk/vim25/8.0.3.0/AuthorizationManager/AuthorizationManager';
  const entity = { _typeName: 'ManagedObjectReference', type: 'VirtualMachine', value: 'vm-1001' };
  const check = (extra: object = {}) =>
    site.vcenter(`${manager}/HasUserPrivilegeOnEntities`, {
      method: 'POST',
      body: {
        _typeName: 'HasUserPrivilegeOnEntitiesRequestType',
        entities: [entity],
        userName: 'VSPHERE.LOCAL\\limited',
        privId: ['System.Read', 'VirtualMachine.Provisioning.Clone'],
        ...extra,
      },
    });

  test('hello answers with the first release that both know', async () => {
    const hello = async (...releases: string[]) => {
      const body = { api_releases: releases };
      return (await site.vcenter('/api/vcenter/system?action=hello', { method: 'POST', body })).body
        .api_release;
    };
    expect(await hello('9.2.0.0', '9.1.0.0', '8.0.3.0')).toBe('9.1.0.0');
    expect(await hello('99.0.0.0')).toBe('');
  });

  test('a later release than the own is not found', async () => {
    const content = (release: string) =>
      site.vcenter(`/sdk/vim25/${release}/ServiceInstance/ServiceInstance/content`, { session: 'nobody' });
    expect((await content('8.0.3.0')).body.about.apiType).toBe('VirtualCenter');
    expect((await content('9.2.0.0')).status).toBe(404);
  });

  test('privileges are told in the order asked, denied ones included', async () => {
    const { body } = await check();
    const granted = body[0].privAvailability.map(({ isGranted }: { isGranted: boolean }) => isGranted);
    expect(granted).toEqual([true, false]);
    expect(Object.keys(body[0])[0]).toBe('_typeName');
    expect(body[0].entity).toEqual(entity);
  });

  test('faults come as 500 with the bare fault as body', async () => {
    const unknown = await check({ entities: [{ ...entity, value: 'vm-0' }] });
    expect([unknown.status, unknown.body]).toEqual([
      500,
      { _typeName: 'ManagedObjectNotFound', obj: { ...entity, value: 'vm-0' } },
    ]);
    const url = `${manager}/HasUserPrivilegeOnEntities`;
    const { body } = await site.vcenter(url, { method: 'POST', body: {}, session: 'nobody' });
    expect(body).toMatchObject({ _typeName: 'NotAuthenticated' });
  });

  test('login, current session and logout share their sessions with REST', async () => {
    const sessions = '/sdk/vim25/9.1.0.0/SessionManager/SessionManager';
    const { username: userName, password } = site.simulator;
    const logIn = (secret: string) =>
      site.vcenter(`${sessions}/Login`, {
        method: 'POST',
        body: { _typeName: 'LoginRequestType', userName, password: secret },
      });
    expect((await logIn('wrong')).body).toEqual({ _typeName: 'InvalidLogin' });
    const session = (await logIn(password)).headers.get('vmware-api-session-id') ?? '';
    expect((await site.vcenter('/api/session', { session })).body.user).toBe(userName);
    expect((await site.vcenter(`${sessions}/currentSession`, { session })).body.userName).toBe(userName);
    expect((await site.vcenter(`${sessions}/Logout`, { method: 'POST', session })).status).toBe(204);
    expect((await site.vcenter(`${sessions}/currentSession`, { session })).status).toBe(204);
  });

  test('fetch lists what a user has', async () => {
    const body = {
      _typeName: 'FetchUserPrivilegeOnEntitiesRequestType',
      entities: [entity],
      userName: 'limited@vsphere.local',
    };
    const answer = await site.vcenter(`${manager}/FetchUserPrivilegeOnEntities`, { method: 'POST', body });
    expect(answer.body[0].privileges).toContain('Host.Config.Storage');
    expect(answer.body[0].privileges).not.toContain('VirtualMachine.Interact.PowerOff');
  });
});
