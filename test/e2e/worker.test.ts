import { randomUUID } from 'node:crypto';
import type { CloneHandle } from '../../src/client';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';
import { freePort, type DevServer } from '../../packages/dev-server/src/start-dev-server';
import { startSnapflowServer } from '../environment/start-snapflow-server';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ProcessEnvironment } from '../environment/processes';
import type { Program } from '../environment/program';

/** A drain may take 20 s, and a worker starts in seconds on a busy machine. */
jest.setTimeout(120_000);

/** Waits only read: they are handed over at once. */
const WAITS_WITHIN_MS = 5_000;
/** A start may finish for 15 s, is cut after 20 s, and the logout takes at most 3 s. */
const STARTS_WITHIN_MS = 25_000;

const HEALTH = /health server on (http:\/\/127\.0\.0\.1:\d+)/;

let environment: ProcessEnvironment;

beforeAll(async () => {
  environment = await openEnvironment({
    as: 'processes',
    name: 'drain',
    simulator: ['--clone-ms', '300'],
    connections: (site) => ({ default: site }),
    workerEnv: { SNAPFLOW_HEALTH_PORT: '0' },
    workers: 0,
  });
});

afterEach(async () => {
  const workers = environment.programs.filter(({ role }) => role === 'worker');
  await Promise.all(workers.map((worker) => worker.stop(1_000)));
});

afterAll(() => environment.close());

interface WorkerProcess {
  readonly process: Program;
  /** Status and text of a probe. */
  readonly probe: (path: 'livez' | 'readyz') => Promise<readonly [number, string]>;
}

async function startWorker(ready?: RegExp, env: Record<string, string> = {}): Promise<WorkerProcess> {
  const worker = await environment.startWorker(env, ready);
  const url = HEALTH.exec(worker.output())?.[1];
  const probe = async (path: string) => {
    const reply = await fetch(`${url}/${path}`);
    return [reply.status, (await reply.text()).trim()] as const;
  };
  return { process: worker, probe };
}

/** SIGTERM; resolves with the exit code and how long it took. */
async function terminated({ process: worker }: WorkerProcess): Promise<{ code: number | null; ms: number }> {
  const since = performance.now();
  worker.signal('SIGTERM');
  const { code } = await worker.ended;
  return { code, ms: performance.now() - since };
}

test('a worker is alive while it waits for Temporal, ready when it polls, and not while Temporal is gone', async () => {
  const port = await freePort('127.0.0.1');
  const { path } = await findTemporalBinary();
  const worker = await startWorker(HEALTH, { TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  expect(await worker.probe('livez')).toEqual([200, 'ok']);
  expect(await worker.probe('readyz')).toEqual([503, 'not connected to Temporal yet']);
  const readyIs = (status: number) =>
    eventually(`readyz is ${status}`, async () => (await worker.probe('readyz'))[0] === status, 40_000);
  let server: DevServer = await startSnapflowServer({ binary: path, port });
  try {
    await readyIs(200);
    await server.stop();
    await readyIs(503);
    expect(await worker.probe('readyz')).toEqual([503, 'Temporal does not answer']);
    expect(await worker.probe('livez')).toEqual([200, 'ok']);
    server = await startSnapflowServer({ binary: path, port });
    await readyIs(200);
    expect((await terminated(worker)).code).toBe(0);
  } finally {
    await server.stop();
  }
});

test('SIGTERM ends a worker that still waits for its first connection', async () => {
  const port = await freePort('127.0.0.1');
  const worker = await startWorker(/no Temporal server at/, { TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  const { ms } = await terminated(worker);
  expect(ms).toBeLessThan(WAITS_WITHIN_MS);
});

describe('SIGTERM while', () => {
  const clone = (name: string): Promise<CloneHandle> =>
    environment.snapflow.clone(
      { vm: 'web-01', snapshot: 'latest', name },
      { requestId: `${name}-${randomUUID()}` },
    );
  const effectsOn = async (name: string) =>
    (await environment.control.ledger()).filter((effect) => effect.name === name).map(({ kind }) => kind);

  test('an operation waits: the worker is gone within seconds and the next one waits on', async () => {
    await environment.control.settings({ cloneMs: 10_000 });
    const worker = await startWorker();
    const handle = await clone('drain-wait');
    const { taskId } = await eventually('it waits', async () => {
      const status = await handle.describe();
      return status.phase === 'wait' && status.taskId !== undefined ? status : undefined;
    });
    const { code, ms } = await terminated(worker);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(WAITS_WITHIN_MS);
    await startWorker();
    expect((await handle.result()).taskId).toBe(taskId);
    expect(await effectsOn('drain-wait')).toEqual(['clone']);
    await environment.control.settings({ cloneMs: 300 });
  });

  test('a start is held: not ready any more, gone within the bound, and one effect in the end', async () => {
    const worker = await startWorker();
    await environment.control.fault({
      operation: 'linkedClone',
      position: 'before',
      action: 'hold',
      count: 1,
    });
    const handle = await clone('drain-start');
    const hold = await eventually(
      'the start is held',
      async () => (await environment.control.holds())[0]?.hold,
    );
    const ended = terminated(worker);
    const [status, why] = await eventually('it is not ready', async () => {
      const probed = await worker.probe('readyz');
      return probed[0] === 503 ? probed : undefined;
    });
    expect([status, why]).toEqual([
      503,
      expect.stringMatching(/^worker drain-\S+ is (STOPPING|DRAINING|STOPPED)$/),
    ]);
    expect(await worker.probe('livez')).toEqual([200, 'ok']);
    const { code, ms } = await ended;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STARTS_WITHIN_MS);
    await environment.control.release(hold);
    await startWorker();
    await handle.result();
    expect(await effectsOn('drain-start')).toEqual(['clone']);
  });
});
