import { median } from '../percentile';
import { openSession, type ApplianceSession } from '../peers/appliance-session';
import { pollUntilEnd } from '../peers/poll-loop';
import { atMost, rounded, type Measured, type Row } from '../row';
import type { Control } from '../../test/environment/control';
import type { ProcessEnvironment } from '../../test/environment/processes';

/** Tasks of different lengths, so that no poll falls on the end by arrangement. */
const CLONE_MS = [1_700, 1_830, 1_960, 2_090, 2_220, 2_350] as const;
/** The watcher's own spacing: the script pays the same price for looking. */
const SCRIPT_POLL_MS = 500;

interface Times {
  readonly toPostMs: number;
  readonly toResultMs: number;
}

/** Of the asking, of the effect, and of the result in the caller's hand. */
interface Moments {
  readonly from: number;
  readonly ended: number;
  readonly until: number;
}

/** One clone at a time, ours and the script's in turn. */
export const latency: Row = {
  name: 'latency',
  question:
    'What does durability add to one clone: from request to POST, and from the end of its task to the result?',
  limitMs: 10 * 60_000,
  async measure(bench, quick): Promise<Measured> {
    const env = await bench.open({ name: 'latency', flags: {} });
    await env.startWorker();
    const script = {
      appliance: await openSession(env.site),
      vcenter: await openSession(env.site, 'vcenter'),
    };
    const ours: Times[] = [];
    const bare: Times[] = [];
    try {
      await bench.until('warm-up', byUs(env, 'warm-up'));
      for (let n = 0; n < (quick ? 5 : 25); n++) {
        const cloneMs = CLONE_MS[n % CLONE_MS.length] ?? 2_000;
        await env.control.settings({ cloneMs });
        ours.push(timesOf(await bench.until(`ours-${n}`, byUs(env, `ours-${n}`)), cloneMs));
        bare.push(timesOf(await bench.until(`bare-${n}`, byScript(env, script, `bare-${n}`)), cloneMs));
      }
    } finally {
      await Promise.all([script.appliance.close(), script.vcenter.close()]);
    }
    const p50 = (times: readonly Times[], key: keyof Times) => median(times.map((each) => each[key]));
    const line = (who: string, times: readonly Times[]) => [
      who,
      times.length,
      rounded(p50(times, 'toPostMs')),
      rounded(p50(times, 'toResultMs')),
    ];
    return {
      columns: ['who', 'clones', 'request to task accepted, p50 ms', 'end of task to result, p50 ms'],
      lines: [line('snapflow', ours), line('a bare script with the same calls, no engine', bare)],
      targets: [
        atMost('added before the POST', p50(ours, 'toPostMs') - p50(bare, 'toPostMs'), 150, 'ms'),
        atMost('added after the end', p50(ours, 'toResultMs') - p50(bare, 'toResultMs'), 300, 'ms'),
      ],
      notMeasured: ['the round trips of a real network: fifteen before the POST, for both'],
    };
  },
};

async function byUs({ snapflow, connection, control }: ProcessEnvironment, name: string): Promise<Moments> {
  const from = Date.now();
  const clone = await snapflow.clone(
    { connection, vm: 'web-01', snapshot: 'latest', name },
    { requestId: name },
  );
  await clone.result();
  return momentsOf(control, name, from, Date.now());
}

/** The reads that our prepare, look and verify make, one after the other, and the post between them. */
async function byScript(
  { control }: ProcessEnvironment,
  { appliance, vcenter }: { readonly appliance: ApplianceSession; readonly vcenter: ApplianceSession },
  name: string,
): Promise<Moments> {
  const from = Date.now();
  await Promise.all(['vms=web-01', 'names=web-01'].map((filter) => vcenter.get(`/api/vcenter/vm?${filter}`)));
  const [cluster] = (await vcenter.get('/api/vcenter/cluster')) as readonly { cluster: string }[];
  const [vm] = (await vcenter.get(`/api/vcenter/vm?clusters=${cluster!.cluster}&names=web-01`)) as readonly {
    vm: string;
  }[];
  const machine = `/api/snapservice/clusters/${cluster!.cluster}/virtual-machines/${vm!.vm}`;
  const { items } = (await appliance.get(`${machine}/snapshots`)) as {
    items: readonly { snapshot: string }[];
  };
  await vcenter.get('/api/vcenter/datacenter');
  const [folder] = (await vcenter.get('/api/vcenter/folder?names=vm&type=VIRTUAL_MACHINE')) as readonly {
    folder: string;
  }[];
  await appliance.get(
    '/api/snapservice/tasks?services=com.vmware.snapservice.clusters.virtual_machines&status=RUNNING',
  );
  await vcenter.get(`/api/vcenter/vm?names=${name}&folders=${folder!.folder}`);
  await appliance.get('/api/snapservice/sessions');
  await vcenter.get(`/api/vcenter/vm?names=${name}&folders=${folder!.folder}`);
  const taskId = (await appliance.post(`${machine}?action=linked-clone&vmw-task=true`, {
    snapshot: items[0]!.snapshot,
    name,
  })) as string;
  await pollUntilEnd(appliance, taskId, SCRIPT_POLL_MS);
  await vcenter.get(`/api/vcenter/vm?names=${name}`);
  return momentsOf(control, name, from, Date.now());
}

async function momentsOf(control: Control, name: string, from: number, until: number): Promise<Moments> {
  const ledger = await control.ledger();
  const made = ledger.find((entry) => entry.kind === 'clone' && entry.name === name);
  if (made === undefined) throw new Error(`no clone ${name} in the ledger`);
  return { from, ended: Date.parse(made.at), until };
}

/** A task that is accepted takes its whole time from then on. */
const timesOf = ({ from, ended, until }: Moments, cloneMs: number): Times => ({
  toPostMs: ended - cloneMs - from,
  toResultMs: until - ended,
});
