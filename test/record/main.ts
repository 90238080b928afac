import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import startTemporalServer from '../start-temporal-server';
import stopTemporalServer from '../stop-temporal-server';
import { openFaultEnvironment } from '../workflow/faults/fault-environment';
import { CLONES } from './clone-scenarios';
import { OTHERS } from './other-scenarios';
import { RECORDED_IDENTITY } from './portable-history';
import { Recorder } from './recorder';
import { REVERTS } from './revert-scenarios';

const HISTORIES = join(__dirname, '..', 'histories');
const UNRELEASED = 'unreleased';
const USAGE = `npm run histories:record [-- RELEASE]

  Records what this build does as test/histories/RELEASE, "${UNRELEASED}" where none is given.
  What a release has recorded is never written again: its runs are out there.`;

async function main(): Promise<void> {
  const [release = UNRELEASED, ...more] = process.argv.slice(2);
  if (more.length > 0 || !/^\w[\w.-]*$/.test(release)) return console.log(USAGE);
  const folder = join(HISTORIES, release);
  if (release !== UNRELEASED && existsSync(folder))
    throw new Error(
      `test/histories/${release} is there already: the histories of a release stay as they are.`,
    );
  await startTemporalServer();
  try {
    write(folder, await record());
  } finally {
    await stopTemporalServer();
  }
}

async function record(): Promise<ReadonlyMap<string, string>> {
  // By default a request names its account and machine.
  process.env['SNAPFLOW_REQUESTER'] = RECORDED_IDENTITY;
  const env = await openFaultEnvironment();
  const recorder = new Recorder(env);
  try {
    for (const [name, scenario] of Object.entries({ ...CLONES, ...REVERTS, ...OTHERS })) {
      const begun = performance.now();
      await scenario(recorder, name);
      await env.clearFaults();
      console.log(`${name}: ${Math.round(performance.now() - begun)} ms`);
    }
  } finally {
    await env.close();
  }
  return recorder.histories;
}

/** All or nothing: a recording that failed leaves the earlier one. */
function write(folder: string, histories: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of histories) writeFileSync(join(folder, `${name}.json`), text);
  console.log(`${histories.size} histories in ${folder}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
