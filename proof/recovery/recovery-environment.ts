import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlannedRequest } from '../judge/evidence/plan';
import { EvidenceFolder } from '../processes/folder';
import { makePlan } from '../processes/make-plan';
import { openRoundServer } from '../processes/round-server';
import { openRoundEnvironment, type RoundEnvironment } from '../processes/round-environment';
import { SharedServers } from '../processes/servers';
import { until } from '../../test/environment/eventually';

export interface RecoveryOptions {
  readonly taskMs: number;
  readonly requests?: number;
  readonly killsServer?: boolean;
}

/** Beyond every target: what takes longer has failed. */
const NEVER_MS = 300_000;

/** A clone under its own name for each request. */
export const requestsOf = ({ plan }: RoundEnvironment): readonly PlannedRequest[] => plan.requests;

/** Opens a round with the settings of production, one worker and nothing asked yet; its effects are counted at the end. */
export async function inRecoveryEnvironment<T>(
  { taskMs, requests = 1, killsServer = false }: RecoveryOptions,
  measure: (round: RoundEnvironment) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-recovery-'));
  const shared = new SharedServers();
  const server = await openRoundServer('production', shared, { killsServer });
  const plan = manyClones(requests);
  const round = await openRoundEnvironment({
    plan,
    evidence: new EvidenceFolder(folder),
    server,
    variation: { simulator: [`--clone-ms=${taskMs}`, `--max-clones=${2 * requests}`] },
  });
  try {
    await round.startWorker();
    const measured = await measure(round);
    await allClosed(round);
    await assertOneEffectEach(round);
    return measured;
  } finally {
    await round.close();
    await server.close();
    await shared.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function manyClones(count: number) {
  const plan = makePlan(
    {
      kind: 'window',
      operation: 'clone',
      window: 'K15',
      fault: 'sigkill-worker',
      at: 'K15',
      profile: 'production',
    },
    1,
  );
  const [first] = plan.requests;
  if (first === undefined) throw new Error('a plan has a request');
  const requests = Array.from({ length: count }, (_, index) => ({
    ...first,
    requestId: `r${index + 1}`,
    name: `ci-${index + 1}`,
  }));
  return { ...plan, requests };
}

/** Asks by the library: what is measured is not the caller. */
export async function askAll(round: RoundEnvironment): Promise<void> {
  for (const { requestId, name = '', vm, snapshot } of round.plan.requests)
    await round.snapflow.clone({ connection: round.connection, vm, snapshot, name }, { requestId });
}

export async function inPhase(round: RoundEnvironment, requestId: string, phase: string): Promise<boolean> {
  const operation = await round.snapflow.operation(requestId, { connection: round.connection });
  return (await operation.describe()).phase === phase;
}

async function isClosed(round: RoundEnvironment, requestId: string): Promise<boolean> {
  const operation = await round.snapflow.operation(requestId, { connection: round.connection });
  return (await operation.overview()).closedAt !== undefined;
}

/** Rejects where it never happens. */
export async function sooner(what: string, probe: () => Promise<boolean>): Promise<void> {
  const happened = await until(NEVER_MS, () => probe().catch(() => false));
  if (happened === undefined) throw new Error(`It did not happen within ${NEVER_MS} ms that ${what}.`);
}

export const allClosed = (round: RoundEnvironment): Promise<void> =>
  sooner('every request had ended', async () => {
    for (const { requestId } of requestsOf(round)) if (!(await isClosed(round, requestId))) return false;
    return true;
  });

async function assertOneEffectEach(round: RoundEnvironment): Promise<void> {
  const clones = (await round.control.ledger()).filter(({ kind }) => kind === 'clone');
  const names = new Set(clones.map(({ name }) => name));
  const wanted = round.plan.requests.length;
  if (clones.length !== wanted || names.size !== wanted)
    throw new Error(
      `${wanted} clones were asked for, and ${clones.length} of ${names.size} names were made.`,
    );
}
