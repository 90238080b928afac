import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findTemporalBinary } from '../../../../packages/dev-server/src/find-temporal';
import { startSnapflowServer } from '../../../environment/start-snapflow-server';
import { recordRuns } from './record-runs';
import { Round } from './round';
import { SCENES, type Scene } from './scenes';

/*
 * Records the good rounds that the judge's self-test doctors. Needs the built program:
 * node --conditions=source --import tsx test/unit/proof/record/record-rounds.ts [NAME…]
 */
const ROOT = join(__dirname, '../../../..');
const ROUNDS = join(__dirname, '../rounds');

async function record(name: string, scene: Scene, server: Server): Promise<void> {
  const round = await Round.open(join(ROUNDS, name), name, server.address);
  try {
    await scene.play(round);
    round.stopSampling();
    await recordRuns(round, server, scene.runs);
    round.json('list', JSON.parse(await round.cli('list', '-o', 'json')));
  } finally {
    await round.stop();
  }
  const { connection } = round.env;
  round.json('plan', {
    version: 1,
    id: connection,
    seed: 1,
    profile: 'test',
    at: 'see fired',
    heals: true,
    deadlineMs: 60_000,
    bounds: { events: 120, calls: { linkedClone: 2, revert: 2 } },
    ...scene.plan,
    requests: scene.requests.map((request) => ({ ...request, connection })),
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

interface Server {
  readonly address: string;
  /** The program, which shows histories. */
  readonly temporal: string;
}

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const { path: temporal } = await findTemporalBinary();
  const server = await startSnapflowServer({ binary: temporal });
  try {
    const wanted = process.argv.slice(2);
    for (const [name, scene] of Object.entries(SCENES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      process.stdout.write(`recording ${name}\n`);
      await record(name, scene, { address: server.address, temporal });
    }
  } finally {
    await server.stop();
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
