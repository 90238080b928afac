import { gzipSync } from 'node:zlib';
import { bearerAssertion, requestAssertion } from '../simulator/request-assertion';
import { basic, SimulatedSite } from '../simulator/simulated-site';

let site: SimulatedSite;
beforeAll(async () => {
  site = await SimulatedSite.start();
});
afterAll(() => site.stop());

const SDK = '/sdk/vim25/9.1.0.0';
const NAMES = [
  ['without a type name', {}],
  ["with the request type's name", { _typeName: 'RequestType' }],
  ["with the method's name, as govmomi sends it", { _typeName: '' }],
] as const;
const named = (method: string, { _typeName }: { readonly _typeName?: string }) =>
  _typeName === undefined ? {} : { _typeName: `${method}${_typeName}` };

describe.each(NAMES)('VI/JSON %s', (_how, name) => {
  test('logs in', async () => {
    const { username: userName, password } = site.simulator;
    const body = { ...named('Login', name), userName, password };
    const answer = await site.vcenter(`${SDK}/SessionManager/SessionManager/Login`, { method: 'POST', body });
    expect(answer.body).toMatchObject({ _typeName: 'UserSession', userName });
  });

  test.each(['HasUserPrivilegeOnEntities', 'FetchUserPrivilegeOnEntities'])('answers %s', async (method) => {
    const entities = [{ type: 'VirtualMachine', value: 'vm-1001' }];
    const more = { entities, userName: site.simulator.username, privId: ['System.Read'] };
    const body = { ...named(method, name), ...more };
    const path = `${SDK}/AuthorizationManager/AuthorizationManager/${method}`;
    const answer = await site.vcenter(path, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(answer.body[0].entity).toEqual({ _typeName: 'ManagedObjectReference', ...entities[0] });
  });
});

test('VI/JSON with the name of another type is refused', async () => {
  const body = { _typeName: 'LogoutRequestType', userName: 'u', password: 'p' };
  const answer = await site.vcenter(`${SDK}/SessionManager/SessionManager/Login`, { method: 'POST', body });
  expect([answer.status, answer.body]).toEqual([500, { _typeName: 'InvalidRequest' }]);
});

/** Vcenter.VM.Info of the vSphere Automation API: what a client may rely on. */
const VM_INFO =
  'boot boot_devices cdroms cpu disks floppies guest_OS hardware memory name nics parallel_ports power_state sata_adapters scsi_adapters serial_ports'.split(
    ' ',
  );
const PARTS: Readonly<Record<string, readonly string[]>> = {
  // The last two of EFI alone.
  boot: ['delay', 'enter_setup_mode', 'retry', 'retry_delay', 'type', 'efi_legacy_boot', 'network_protocol'],
  cpu: ['cores_per_socket', 'count', 'hot_add_enabled', 'hot_remove_enabled'],
  hardware: ['upgrade_policy', 'upgrade_status', 'version'],
  identity: ['bios_uuid', 'instance_uuid', 'name'],
  memory: ['hot_add_enabled', 'size_MiB'],
};

test('a machine is described completely, with its identity', async () => {
  const { body } = await site.vcenter('/api/vcenter/vm/vm-1001');
  expect(Object.keys(body).toSorted()).toEqual([...VM_INFO, 'identity'].toSorted());
  for (const [part, fields] of Object.entries(PARTS))
    expect([part, Object.keys(body[part]).toSorted()]).toEqual([part, fields.toSorted()]);
  const { identity } = (await site.vcenter('/api/vcenter/vm/vm-1002')).body;
  expect(identity.instance_uuid).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(identity.instance_uuid).not.toBe(body.identity.instance_uuid);
});

test('a machine of an inventory without BIOS ids is described without an identity', async () => {
  const { inventory } = (await site.control('GET', '/state')).body;
  for (const vm of inventory.vms) delete vm.biosUuid;
  const other = await SimulatedSite.start({ inventory });
  const { body } = await other.vcenter('/api/vcenter/vm/vm-1001');
  expect(Object.keys(body).toSorted()).toEqual(VM_INFO.toSorted());
  await other.stop();
});

describe("the login of /rest, as Ansible's modules and govmomi's REST client use it", () => {
  const path = '/rest/com/vmware/cis/session';
  const logIn = (password: string) =>
    site.vcenter(path, { method: 'POST', session: '', headers: basic(site.simulator.username, password) });

  test('gives a session that is good for /api, too, until it is ended', async () => {
    const { status, body } = await logIn(site.simulator.password);
    expect([status, body]).toEqual([200, { value: expect.any(String) }]);
    const session = String(body.value);
    expect((await site.vcenter('/api/vcenter/vm', { session })).status).toBe(200);
    const current = await site.vcenter(`${path}?~action=get`, { method: 'POST', session });
    expect(current.body).toMatchObject({ value: { user: site.simulator.username } });
    await site.vcenter(path, { method: 'DELETE', session });
    expect((await site.vcenter('/api/vcenter/vm', { session })).status).toBe(401);
  });

  test('refuses in the words of its time', async () => {
    expect(await logIn('wrong')).toMatchObject({
      status: 401,
      body: { type: 'com.vmware.vapi.std.errors.unauthenticated' },
    });
  });
});

describe('an assertion of the token service, on a release that has sessions', () => {
  const signed = async () => {
    const { xml } = await requestAssertion(site.simulator, { nowMs: site.clock.now() });
    expect(xml).toMatch(/<wst:Lifetime[^>]*><wsu:Created>[^<]+<\/wsu:Created><wsu:Expires>[^<]+</);
    return { authorization: `SIGN token="${gzipSync(bearerAssertion(xml)).toString('base64')}"` };
  };

  test('signs a call, as the samples for the bindings of 9.1 do', async () => {
    const path = `${site.simulator.applianceUrl}/api/snapservice/clusters/domain-c8/virtual-machines`;
    expect((await fetch(path, { headers: await signed() })).status).toBe(200);
    expect((await fetch(path, { headers: { authorization: 'SIGN token="H4sIAAAA"' } })).status).toBe(401);
  });

  test.each(['/api/session', '/rest/com/vmware/cis/session'])('logs in at %s', async (path) => {
    const { body } = await site.vcenter(path, { method: 'POST', session: '', headers: await signed() });
    const session: string = body.value ?? body;
    expect((await site.vcenter('/api/vcenter/vm', { session })).status).toBe(200);
  });

  test('logs in at the appliance', async () => {
    const login = { method: 'POST', session: '', headers: await signed() };
    const { status, body: session } = await site.appliance('/sessions', login);
    expect(status).toBe(201);
    const { body } = await site.appliance('/sessions', { session });
    expect(body.user).toBe(site.simulator.username);
  });
});

test('the service content is read as a property and by its method', async () => {
  const path = `${SDK}/ServiceInstance/ServiceInstance`;
  const { body } = await site.vcenter(`${path}/content`);
  expect(body).toMatchObject({ _typeName: 'ServiceContent', about: { apiType: 'VirtualCenter' } });
  const asked = await site.vcenter(`${path}/RetrieveServiceContent`, { method: 'POST' });
  expect([asked.status, asked.body]).toEqual([200, body]);
});
