import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '../../../packages/simulator/src/start-simulator';
import { openConnection } from '../../../src/vsphere';
import { ConfigInvalid, loadWorkerConfig } from '../../../src/worker/config';
import { startupWarnings } from '../../../src/worker/configuration-checks';
import { rejection } from '../vsphere/rejection';

const SECRET = 'correct-horse';

let folder: string;
let path: string;
let simulator: RunningSimulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'snapflow-account-'));
  path = join(folder, 'password');
  simulator = await startSimulator({ password: SECRET });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await simulator.stop();
});

const variables = (more: Record<string, string> = {}) => ({
  VSPHERE_VCENTER_URL: simulator.vcenterUrl,
  VSPHERE_APPLIANCE_URL: simulator.applianceUrl,
  VSPHERE_USERNAME: simulator.username,
  ...more,
});

function load(more: Record<string, string>) {
  const config = loadWorkerConfig(variables(more));
  const [{ vsphere } = { vsphere: undefined }] = config.connections;
  if (vsphere === undefined) throw new Error('the configuration has no connection');
  const account = startupWarnings(config).filter((risk) => risk.includes('is used like that'));
  return { vsphere, warnings: account.map((risk) => /^connection default: (.*), and/.exec(risk)?.[1]) };
}

function withFile(content: string | Buffer) {
  writeFileSync(path, content);
  return { VSPHERE_PASSWORD_FILE: path };
}

async function passwordIn(content: string | Buffer): Promise<string> {
  const { password } = load(withFile(content)).vsphere;
  return typeof password === 'string' ? password : password();
}

function problems(more: Record<string, string>): readonly string[] {
  try {
    load(more);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
}

test.each([
  ['a line end', `${SECRET}\n`],
  ['a line end of Windows', `${SECRET}\r\n`],
  ['a byte order mark', `\uFEFF${SECRET}\n`],
  ['nothing around it', SECRET],
])('a password file with %s holds the password, and nothing is warned of', async (_what, content) => {
  expect(await passwordIn(content)).toBe(SECRET);
  expect(load(withFile(content)).warnings).toEqual([]);
});

test.each([
  ['a blank at its end', `${SECRET} \n`, `${SECRET} `, 'ends with a blank'],
  ['a tab at its begin', `\t${SECRET}`, `\t${SECRET}`, 'begins with a blank'],
  ['quotes around it', `"${SECRET}"\n`, `"${SECRET}"`, 'is in quotes'],
  ['two line ends', `${SECRET}\n\n`, `${SECRET}\n`, 'holds a line break'],
])(
  'a password with %s is used as it is, and warned of before any login',
  async (_what, content, text, why) => {
    expect(await passwordIn(content)).toBe(text);
    expect(load(withFile(content)).warnings).toEqual([`the file of VSPHERE_PASSWORD_FILE ${why}`]);
  },
);

const utf16 = Buffer.from(`\uFEFF${SECRET}\n`, 'utf16le');
const UNUSABLE: [string, Buffer, string][] = [
  ['is empty', Buffer.alloc(0), 'is empty: put the text into it'],
  ['holds a line end alone', Buffer.from('\r\n'), 'is empty: put the text into it'],
  ['is UTF-16 with its mark', utf16, 'is UTF-16: save it as UTF-8'],
  ['is UTF-16 of the other order', Buffer.from(utf16).swap16(), 'is UTF-16: save it as UTF-8'],
  ['is UTF-16 without a mark', utf16.subarray(2), 'is UTF-16: save it as UTF-8'],
  ['is Latin-1', Buffer.from('pässwort', 'latin1'), 'is no UTF-8: save it as UTF-8'],
];

test.each(UNUSABLE)('a password file that %s is refused before the worker starts', (_what, content, why) => {
  expect(problems(withFile(content))).toEqual([`the file of VSPHERE_PASSWORD_FILE ${why}.`]);
});

test.each(UNUSABLE)(
  'a password file that %s by the time of a login: no login is spent, and the reason is told',
  async (_what, content, why) => {
    const { vsphere } = load(withFile(SECRET));
    const connection = openConnection(vsphere);
    writeFileSync(path, content);
    const error = await rejection(connection.vcenter.listDatacenters({}));
    expect(error).toMatchObject({ kind: 'login-refused', effect: 'none' });
    expect(error.message).toContain(`the password ${why}`);
    const calls = await (await fetch(`${simulator.controlUrl}/calls`)).json();
    expect(calls).toMatchObject({ calls: {} });
    await connection.close();
  },
);

test('variables are read the same way, user names too, and nothing of a password is shown', () => {
  const { vsphere, warnings } = load({
    VSPHERE_USERNAME: `\uFEFF${simulator.username} \n`,
    VSPHERE_PASSWORD: `'${SECRET}'\r\n`,
  });
  expect(vsphere).toMatchObject({ username: `${simulator.username} `, password: `'${SECRET}'` });
  expect(warnings).toEqual(['VSPHERE_USERNAME ends with a blank', 'VSPHERE_PASSWORD is in quotes']);
  expect(warnings.join()).not.toContain(SECRET);
  expect(problems({ VSPHERE_USERNAME: '\n', VSPHERE_PASSWORD: '\n' })).toEqual([
    'VSPHERE_USERNAME is empty: put the text into it.',
    'VSPHERE_PASSWORD is empty: put the text into it.',
  ]);
});
