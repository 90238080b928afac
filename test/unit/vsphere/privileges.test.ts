import { openConnection, type VsphereConnection } from '../../../src/vsphere';
import { json, startLoopbackSite, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

let site: LoopbackSite;
let connection: VsphereConnection;
let granted: unknown;
let release = '8.0.3.0';

const content = {
  _typeName: 'ServiceContent',
  sessionManager: { _typeName: 'ManagedObjectReference', type: 'SessionManager', value: 'Session:Manager' },
  authorizationManager: {
    _typeName: 'ManagedObjectReference',
    type: 'AuthorizationManager',
    value: 'AuthMgr',
  },
};
const entity = (type: string, value: string) => ({ _typeName: 'ManagedObjectReference', type, value });
const available = (privId: string, isGranted: boolean) => ({
  _typeName: 'PrivilegeAvailability',
  privId,
  isGranted,
});

beforeEach(async () => {
  release = '8.0.3.0';
  site = await startLoopbackSite((call, response) => {
    if (call.url.includes('/system')) return json(response, 200, { api_release: release });
    if (call.url.endsWith('/content')) return json(response, 200, content);
    if (call.url.endsWith('/currentSession')) {
      // Without a session VI/JSON answers nothing, politely.
      if (call.headers['vmware-api-session-id'] === 'session-1') return void response.writeHead(204).end();
      return json(response, 200, { _typeName: 'UserSession', userName: 'VSPHERE.LOCAL\\worker' });
    }
    json(response, 200, granted);
  });
  const urls = { vcenterUrl: site.url, applianceUrl: site.url };
  connection = openConnection({ name: 'lab', ...urls, username: 'worker', password: 'correct-horse' });
});

afterEach(async () => {
  await connection.close();
  await site.close();
});

const vm = { type: 'VirtualMachine', id: 'vm-1' };
const folder = { type: 'Folder', id: 'group-v1' };

test('privileges are asked for the user as vCenter spells it and answered in the order asked', async () => {
  granted = [
    { entity: entity('Folder', 'group-v1'), privAvailability: [available('A', true), available('B', false)] },
    {
      entity: entity('VirtualMachine', 'vm-1'),
      privAvailability: [available('A', false), available('B', true)],
    },
  ];
  expect(await connection.privileges.check([vm, folder], ['A', 'B'])).toEqual([
    { entity: vm, granted: { A: false, B: true } },
    { entity: folder, granted: { A: true, B: false } },
  ]);
  const last = site.work().at(-1);
  expect(last?.url).toBe('/sdk/vim25/8.0.3.0/AuthorizationManager/AuthMgr/HasUserPrivilegeOnEntities');
  expect(last?.body).toBe(
    JSON.stringify({
      _typeName: 'HasUserPrivilegeOnEntitiesRequestType',
      entities: [entity('VirtualMachine', 'vm-1'), entity('Folder', 'group-v1')],
      userName: 'VSPHERE.LOCAL\\worker',
      privId: ['A', 'B'],
    }),
  );
});

test('release, managers and user are asked once; only the last two need a session', async () => {
  granted = [{ entity: entity('VirtualMachine', 'vm-1'), privAvailability: [available('A', true)] }];
  await connection.privileges.check([vm], ['A']);
  await connection.privileges.check([vm], ['A']);
  expect(await connection.privileges.currentUser()).toBe('VSPHERE.LOCAL\\worker');
  expect(
    site.work().map(({ url, headers }) => [url.split('/').at(-1), headers['vmware-api-session-id']]),
  ).toEqual([
    ['system?action=hello', undefined],
    ['content', undefined],
    ['currentSession', 'session-1'],
    ['currentSession', 'session-2'],
    ['HasUserPrivilegeOnEntities', 'session-2'],
    ['HasUserPrivilegeOnEntities', 'session-2'],
  ]);
  expect(site.work()[2]?.url).toContain('/SessionManager/Session%3AManager/');
});

test.each([
  ['an entity', [{ entity: entity('Folder', 'group-v1'), privAvailability: [available('A', true)] }]],
  ['a privilege', [{ entity: entity('VirtualMachine', 'vm-1'), privAvailability: [available('B', true)] }]],
  ['everything', []],
])('an answer that leaves out %s is malformed, neither grant nor denial', async (_what, answer) => {
  granted = answer;
  expect(await rejection(connection.privileges.check([vm], ['A']))).toMatchObject({
    kind: 'malformed',
    operation: 'privileges.check',
  });
});

test('a vCenter that knows none of our releases is malformed, and asked again the next time', async () => {
  release = '';
  expect(await rejection(connection.privileges.currentUser())).toMatchObject({
    kind: 'malformed',
    operation: 'vijson.hello',
  });
  release = '9.0.0.0';
  expect(await connection.privileges.currentUser()).toBe('VSPHERE.LOCAL\\worker');
});

test.each([
  ['ManagedObjectNotFound', 'not-found'],
  ['NoPermission', 'forbidden'],
  ['InvalidArgument', 'invalid-argument'],
  ['RuntimeFault', 'server-error'],
  ['toString', 'server-error'],
])('the fault %s is %s', async (typeName, kind) => {
  await connection.privileges.currentUser();
  site.answer = (_call, response) => json(response, 500, { _typeName: typeName, obj: {} });
  expect(await rejection(connection.privileges.check([vm], ['A']))).toMatchObject({
    kind,
    errorType: typeName,
  });
});

test('a fault names the object and the privilege that it is about', async () => {
  await connection.privileges.currentUser();
  const object = entity('VirtualMachine', 'vm-1');
  site.answer = (_call, response) =>
    json(response, 500, { _typeName: 'NoPermission', object, privilegeId: 'System.View' });
  const error = await rejection(connection.privileges.check([vm, folder], ['A']));
  expect(error.serverText).toBe('VirtualMachine vm-1 System.View');
});

test('nothing to ask is answered without a call', async () => {
  expect(await connection.privileges.check([vm], [])).toEqual([{ entity: vm, granted: {} }]);
  expect(await connection.privileges.check([], ['A'])).toEqual([]);
  expect(site.calls).toHaveLength(0);
});
