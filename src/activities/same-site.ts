import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type {
  OnSite,
  VerifiedClone,
  VerifiedRevert,
  VerifyLinkedCloneInput,
  VerifyRevertInput,
} from '../contract/activities';
import type { FailureDetails } from '../contract/failure-details';
import { omitUndefined } from '../contract/omit-undefined';
import type { Connection } from './connection';
import { ownRunId, reading } from './context';
import { siteOfEarlierRuns } from './earlier-runs';

/**
 * Why this worker must not act for the operation: its connection of that name leads to another vCenter than the one that
 * the operation began on. Undefined where it may. Rejects where that cannot be read.
 */
export async function otherSite(
  { vsphere }: Pick<Connection, 'vsphere'>,
  { connection, siteId }: OnSite,
): Promise<string | undefined> {
  if (siteId === undefined) return undefined;
  const now = await vsphere.identity();
  if (now === undefined || now === siteId) return undefined;
  return `connection "${connection}" leads to vCenter ${now} on this worker, and this operation began on vCenter ${siteId}: give each site a task queue or a connection name of its own.`;
}

/** `asks-in-time`: its failure ends the step once no worker had the right site for `waitBudgetMs`. */
type Patience = 'none' | 'asks-in-time' | 'endless';

/**
 * Rejects on another site. Before the first post that is final. Afterwards it is tried again by whichever worker comes
 * next, since one of them may have the right site.
 */
export const assertSameSite = (connection: Connection, at: OnSite, patience: Patience): Promise<void> =>
  reading(patience === 'none' ? 'before-start' : 'after-effect', async () => {
    const elsewhere = await otherSite(connection, at);
    if (elsewhere === undefined) return;
    const isFinal =
      patience === 'none' ||
      (patience === 'asks-in-time' && triedForMs() >= connection.settings.waitBudgetMs);
    throw ApplicationFailure.create({
      type: 'UnknownConnection',
      message: elsewhere,
      details: [detailsOf(at)],
      nonRetryable: isFinal,
    });
  });

/**
 * Why a verification ends unread: for `waitBudgetMs` only workers of another site have had it. Undefined where it goes on.
 * The task has SUCCEEDED, so nothing is left to ask (E13).
 */
export const unreadElsewhere = (connection: Connection, at: OnSite): Promise<string | undefined> =>
  reading('after-effect', async () =>
    triedForMs() < connection.settings.waitBudgetMs ? undefined : otherSite(connection, at),
  );

/** Of a clone that no worker of its site could read. */
export const unverifiedClone = ({ name, vmId }: VerifyLinkedCloneInput, why: string): VerifiedClone => ({
  runId: ownRunId(),
  name,
  warnings: [{ type: 'NotVerified', message: `clone ${vmId} was made and not read since: ${why}` }],
});

/** Of a revert whose machine no worker of its site could read. A revert leaves it off. */
export const unverifiedRevert = ({ vmName, vmId }: VerifyRevertInput, why: string): VerifiedRevert => ({
  runId: ownRunId(),
  powerState: 'POWERED_OFF',
  warnings: [{ type: 'NotVerified', message: `${vmName} (${vmId}) was reverted and not read since: ${why}` }],
});

interface Begun {
  /** Of an earlier `prepare` of this run. */
  readonly siteId?: string | undefined;
  /** Whether earlier runs of the request may have posted. */
  readonly mayHavePosted: boolean;
}

/** The site that a `prepare` is on. It must be that of an earlier one, of this run or of one before it. */
export async function siteBegun(
  connection: Connection,
  { siteId, mayHavePosted }: Begun,
): Promise<string | undefined> {
  const earlier = mayHavePosted ? () => reading('before-start', siteOfEarlierRuns) : () => undefined;
  const before = siteId ?? (await earlier());
  await assertSameSite(
    connection,
    { connection: connection.name, ...omitUndefined({ siteId: before }) },
    'none',
  );
  return reading('before-start', () => connection.vsphere.identity());
}

/** Since this step was scheduled, by the server's clock alone. */
export function triedForMs(): number {
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  return currentAttemptScheduledTimestampMs - scheduledTimestampMs;
}

const detailsOf = ({ connection }: OnSite): FailureDetails['UnknownConnection'] => ({
  field: 'connection',
  value: connection,
  known: [],
});
