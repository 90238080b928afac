import { openConnection, type VsphereConnection, type VsphereSettings } from '../../../src/vsphere';
import { makeCertificate } from './certificate';
import { json, startLoopbackSite, type LoopbackSite } from './loopback-site';
import { rejection } from './rejection';

const mine = makeCertificate();
const other = makeCertificate();
const elsewhere = makeCertificate('127.0.0.9');
let site: LoopbackSite;
let connection: VsphereConnection;
const others: { close(): Promise<void> }[] = [];

async function open(more: Partial<VsphereSettings>, certificate = mine): Promise<void> {
  site = await startLoopbackSite(
    (call, response) =>
      json(response, call.method === 'GET' ? 200 : 202, call.method === 'GET' ? { user: 'w' } : 't'),
    certificate,
  );
  const urls = { vcenterUrl: site.url, applianceUrl: site.url };
  connection = openConnection({ name: 'lab', ...urls, username: 'w', password: 'correct-horse', ...more });
}

afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await connection.close();
  await site.close();
});

const whoAmI = () => connection.appliance.whoAmI();
const revert = () => connection.appliance.startRevert('c', 'v', { snapshot: 's' });

test('a certificate of an unknown authority is refused before any request', async () => {
  await open({});
  const error = await rejection(revert());
  expect(error).toMatchObject({ kind: 'tls', effect: 'none', operation: 'about' });
  expect(site.calls).toHaveLength(0);
});

test('the given authority is trusted', async () => {
  await open({ ca: mine.cert });
  expect(await whoAmI()).toEqual({ user: 'w' });
  expect(await revert()).toBe('t');
});

test('a certificate for another host is refused although its authority is trusted', async () => {
  await open({ ca: elsewhere.cert }, elsewhere);
  expect(await rejection(whoAmI())).toMatchObject({ kind: 'tls', effect: 'none' });
  expect(site.calls).toHaveLength(0);
});

test('the check is off when that is spelled out', async () => {
  await open({ tlsVerify: false });
  expect(await whoAmI()).toEqual({ user: 'w' });
});

test.each([mine.thumbprint, mine.thumbprint.replaceAll(':', '').toLowerCase()])(
  'a pinned self-signed certificate needs no authority (%s)',
  async (thumbprint) => {
    await open({ thumbprint });
    expect(await whoAmI()).toEqual({ user: 'w' });
    expect(await revert()).toBe('t');
  },
);

test('another certificate than the pinned one gets no credentials, even with the check off', async () => {
  await open({ thumbprint: other.thumbprint, tlsVerify: false });
  const error = await rejection(revert());
  expect(error).toMatchObject({ kind: 'tls', effect: 'none' });
  expect(error.message).toContain(mine.thumbprint);
  expect(site.calls).toHaveLength(0);
});

test('a pinned certificate of an unknown authority is refused when the chain is to be checked too', async () => {
  await open({ thumbprint: mine.thumbprint, tlsVerify: true });
  expect(await rejection(whoAmI())).toMatchObject({ kind: 'tls', effect: 'none' });
});

test('the pin is compared again on every later connection, resumed sessions included', async () => {
  await open({ thumbprint: mine.thumbprint });
  expect(await revert()).toBe('t');
  const port = Number(new URL(site.url).port);
  await site.close();
  // The same address now shows another certificate.
  const impostor = await startLoopbackSite((_call, response) => json(response, 202, 't'), other, port);
  others.push(impostor);
  expect(await rejection(revert())).toMatchObject({ kind: 'tls', effect: 'none', operation: 'revert' });
  expect(await rejection(whoAmI())).toMatchObject({ kind: 'tls', effect: 'none' });
  expect(impostor.calls).toHaveLength(0);
});

test('a TLS session is resumed without a pin and never with one, which a resumed session would not show', async () => {
  await open({ ca: mine.cert });
  for (let call = 0; call < 4; call++) await revert();
  expect(site.resumed()).toBeGreaterThan(0);
  await connection.close();
  await site.close();
  await open({ thumbprint: mine.thumbprint });
  for (let call = 0; call < 4; call++) await revert();
  expect(site.resumed()).toBe(0);
});

test('each host can have its own pin', async () => {
  await open({ thumbprint: { appliance: mine.thumbprint, vcenter: other.thumbprint } });
  expect(await whoAmI()).toEqual({ user: 'w' });
  expect(await rejection(connection.vcenter.listDatacenters({}))).toMatchObject({
    kind: 'tls',
    host: 'vcenter',
  });
});

test('the guard runs only after the handshake and the pin', async () => {
  await open({ thumbprint: mine.thumbprint });
  await whoAmI();
  const beforeWrite = jest.fn();
  await connection.appliance.startRevert('c', 'v', { snapshot: 's' }, { beforeWrite });
  expect(beforeWrite).toHaveBeenCalledTimes(1);
  const error = await rejection(
    connection.appliance.startRevert(
      'c',
      'v',
      { snapshot: 's' },
      {
        beforeWrite: () => {
          throw new Error('too late');
        },
      },
    ),
  );
  expect(error).toMatchObject({ kind: 'refused-by-guard', effect: 'none' });
  expect(site.work()).toHaveLength(2);
});

test('a server that speaks no TLS is a TLS failure without effect', async () => {
  await open({ tlsVerify: false });
  const plain = await startLoopbackSite((_call, response) => json(response, 200, {}));
  const url = plain.url.replace('http:', 'https:');
  const wrong = openConnection({
    name: 'x',
    vcenterUrl: url,
    applianceUrl: url,
    username: 'w',
    password: 'p',
  });
  others.push(wrong, plain);
  expect(await rejection(wrong.appliance.whoAmI())).toMatchObject({ kind: 'tls', effect: 'none' });
});
