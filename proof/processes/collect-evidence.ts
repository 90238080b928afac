import type { RoundEnvironment } from './round-environment';
import { collectRuns, endOpenRuns, type CollectedRun } from './collect-runs';
import type { Replayer } from './replayer';
import { until } from '../../test/environment/eventually';

const LIST_WITHIN_MS = 30_000;
const TASKS_WITHIN_MS = 5_000;

interface Ending {
  readonly replayer: Replayer;
  /** Ends the workers in order, so that what is left of them is what they leave. */
  readonly endWorkers: () => Promise<void>;
}

/** Everything that the judge reads and the round did not write by itself. */
export async function collectEvidence(
  round: RoundEnvironment,
  { replayer, endWorkers }: Ending,
): Promise<void> {
  const { evidence, control, programs, site } = round;
  // A fault that is left over must not meet the logout: what a worker leaves behind then would be its doing.
  evidence.write('faults.json', await control.faults());
  await control.clearFaults();
  for (const host of round.hosts) host.heal();
  await endWorkers();
  // Those of somebody else, too: what runs on when the round is judged is taken for ours.
  if (round.plan.heals) await until(TASKS_WITHIN_MS, async () => areOver(await control.state()));
  for (const program of programs.filter(({ role }) => role === 'caller'))
    evidence.caller(callerEntry(program));
  evidence.write('after.json', await control.state());
  evidence.write('ledger.json', await control.ledger());
  evidence.write('calls.json', await control.calls());
  const simulator = programs.find(({ role }) => role === 'simulator');
  simulator?.signal('SIGTERM');
  await simulator?.ended;
  const runs = await collectRuns(round);
  evidence.write('list.json', await listed(round, runs));
  evidence.write('replay.json', await replayer.replay(round.server.address, runs));
  await endOpenRuns(round, runs);
  evidence.write(
    'secrets.json',
    {
      canaries: [
        { name: 'password', value: site.password },
        { name: 'limited password', value: site.limitedPassword },
      ],
    },
    0o600,
  );
}

const areOver = ({ tasks }: { readonly tasks: readonly { readonly status: string }[] }): boolean =>
  tasks.every(({ status }) => status === 'SUCCEEDED' || status === 'FAILED');

/** What `snapflow list` says, where anybody has to look there: of a terminated run. A lock's end looks the same. */
async function listed(round: RoundEnvironment, runs: readonly CollectedRun[]): Promise<unknown> {
  const requests = round.plan.requests.map(({ requestId }) => round.workflowId(requestId));
  if (!runs.some(({ workflowId, status }) => status === 'TERMINATED' && requests.includes(workflowId)))
    return [];
  const list = round.run('list', ['list', '--output', 'json']);
  await until(LIST_WITHIN_MS, () => list.end() !== undefined);
  return parsed(list.stdout());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

function callerEntry(program: RoundEnvironment['programs'][number]) {
  const { args, startedAt, end, stdout, stderr } = program;
  // Without the file of the program.
  const argv = args.slice(1);
  const requestId = argv.find((word) => word.startsWith('--request-id='))?.split('=', 2)[1];
  const { endedAt, code: exitCode, signal } = end() ?? { endedAt: null, code: null, signal: null };
  return { requestId, argv, startedAt, endedAt, exitCode, signal, stdout: stdout(), stderr: stderr() };
}
