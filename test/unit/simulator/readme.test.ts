import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATION_NAMES } from '../../../packages/simulator/src/http/operation';
import { SimulatedSite } from '../../simulator/simulated-site';

const README = readFileSync(join(__dirname, '../../../packages/simulator/README.md'), 'utf8');

function bodiesOf(path: string): unknown[] {
  const examples = README.matchAll(new RegExp(String.raw`\$C/${path} -d '([^']+)'`, 'g'));
  return [...examples].map(([, body = '']) => JSON.parse(body));
}

let site: SimulatedSite;
beforeAll(async () => {
  site = await SimulatedSite.start();
});
afterAll(() => site.stop());

test.each(bodiesOf('faults'))('the fault rule %j of the README is accepted', async (rule) => {
  expect((await site.control('POST', '/faults', rule)).status).toBe(201);
  await site.control('DELETE', '/faults');
});

test.each(bodiesOf(String.raw`tasks/\$TASK`))(
  'the task override %j of the README is accepted',
  async (body) => {
    const task = await site.clone('ci-1');
    expect((await site.control('POST', `/tasks/${encodeURIComponent(task)}`, body)).status).toBe(200);
    site.clock.advance(60_000);
    for (const { vm } of await site.vmNamed('ci-1')) await site.control('DELETE', `/vms/${vm}`);
  },
);

test('the other changes of the README are accepted', async () => {
  for (const body of bodiesOf('vms')) expect((await site.control('POST', '/vms', body)).status).toBe(201);
  for (const body of bodiesOf('vms/vm-1001'))
    expect((await site.control('POST', '/vms/vm-1001', body)).status).toBe(200);
  for (const settings of bodiesOf('settings'))
    expect((await site.control('PATCH', '/settings', settings)).status).toBe(200);
  for (const ended of bodiesOf('tasks'))
    expect((await site.control('POST', '/tasks', ended)).status).toBe(201);
  const [user] = bodiesOf('users/limited@vsphere.local');
  expect((await site.control('PATCH', '/users/limited@vsphere.local', user)).status).toBe(200);
});

test('the README names every operation, every position and every action', () => {
  const examples = JSON.stringify(bodiesOf('faults'));
  const actions = ['reset', 'html', 'truncate', 'huge', 'drip', 'redirect', 'repeat', 'hold'];
  const words = [...actions, 'delayMs', 'do', 'status', 'before', 'after', 'late', 'never'];
  expect(words.filter((word) => !examples.includes(`"${word}"`))).toEqual([]);
  expect(OPERATION_NAMES.filter((name) => !README.includes(`\`${name}\``))).toEqual([]);
});
