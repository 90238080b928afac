import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { startChild } from './child';
import { recordRuns } from './record-runs';
import { Round } from './round';
import { SCENES, type Scene } from './scenes';
import { until } from './until';

/*
 * Records the good rounds that the judge's self-test doctors: node --import tsx test/unit/proof/record/record-rounds.ts
 * [NAME…]. Needs the built program and a `temporal` binary (TEMPORAL_BINARY).
 */
const ROOT = join(__dirname, '../../../..');
const ROUNDS = join(__dirname, '../rounds');
const TEMPORAL = process.env['TEMPORAL_BINARY'] ?? join(homedir(), '.cache/snapflow/temporal/1.5.1/temporal');

async function record(name: string, scene: Scene, address: string): Promise<void> {
  const id = `${name.slice(0, 20)}-${Date.now().toString(36)}`;
  const round = new Round(join(ROUNDS, name), id, address);
  try {
    await round.start();
    await scene.play(round);
    round.stopSampling();
    await recordRuns(round, TEMPORAL, scene.runs);
    round.json('list', JSON.parse(await round.cli('list', '-o', 'json')));
  } finally {
    await round.stop();
  }
  round.json('plan', {
    version: 1,
    id,
    seed: 1,
    profile: 'test',
    at: 'see fired',
    heals: true,
    deadlineMs: 60_000,
    bounds: { events: 120, calls: { linkedClone: 2, revert: 2 } },
    ...scene.plan,
    requests: scene.requests.map((request) => ({ ...request, connection: round.connection })),
  });
  withoutOurPaths(round.folder);
}

/** Stacks name the folder in which the program was built: no reader of a round needs it. */
function withoutOurPaths(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(ROOT, '/app'));
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const port = await freePort();
  const attributes = ['Connection', 'Vm', 'Operation', 'Name', 'State'];
  const server = startChild(
    TEMPORAL,
    [
      ...`server start-dev --headless --ip 127.0.0.1 --port ${port} --log-level error`.split(' '),
      ...attributes.flatMap((name) => ['--search-attribute', `Snapflow${name}=Keyword`]),
    ],
    process.env,
  );
  try {
    await until('the server listens', () =>
      /Temporal Server|Server:/.test(server.stdout() + server.stderr()),
    );
    const wanted = process.argv.slice(2);
    for (const [name, scene] of Object.entries(SCENES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      process.stdout.write(`recording ${name}\n`);
      await record(name, scene, `127.0.0.1:${port}`);
    }
  } finally {
    server.signal('SIGTERM');
    await server.ended;
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
