import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

import { omitUndefined } from '../../../../src/contract/omit-undefined';
import type { Round } from './round';
import { eventually } from '../../../environment/eventually';

const BUNDLE = join(__dirname, '../../../../dist/workflow-bundle.js');

/** Writes what the Temporal server knows of a round: runs, histories, and whether they replay. */
export async function recordRuns(
  round: Round,
  { temporal, address }: { readonly temporal: string; readonly address: string },
  expected: number,
): Promise<void> {
  const { temporal: client, taskQueue } = round.env;
  const query = `TaskQueue = '${taskQueue}'`;
  await eventually(
    'visibility shows every run',
    async () => (await client.workflow.count(query)).count >= expected,
  );
  const runs: unknown[] = [];
  const replays: Record<string, unknown> = {};
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
    const run = await handle.describe();
    const result = run.closeTime === undefined ? {} : await handle.result().then(endOf, failureOf);
    runs.push({
      workflowId,
      runId,
      type: run.type,
      status: run.status.name,
      startedAt: run.startTime.toISOString(),
      ...omitUndefined({ closedAt: run.closeTime?.toISOString() }),
      memo: run.memo ?? {},
      searchAttributes: run.searchAttributes,
      ...result,
    });
    const key = `${workflowId}.${runId}`;
    const shown = execFileSync(
      temporal,
      ['workflow', 'show', '--address', address, '-w', workflowId, '-r', runId, '-o', 'json'],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    writeFileSync(
      join(round.folder, 'histories', `${key.replaceAll(':', '_')}.json`),
      JSON.stringify(JSON.parse(shown)),
    );
    // The SDK replays without a cache that outlives a history, so one replay says both.
    const replayed = await replay(await handle.fetchHistory(), workflowId);
    replays[`${workflowId}.${runId}`] = { cached: replayed, uncached: replayed };
  }
  round.json('runs', runs);
  round.json('replay', replays);
}

const endOf = (result: unknown) => ({ result: result ?? null });

function failureOf(error: unknown) {
  if (!(error instanceof WorkflowFailedError)) throw error;
  return { failure: levelOf(error.cause) };
}

const levelOf = (error: Error | undefined): unknown =>
  error && {
    type: error instanceof ApplicationFailure ? error.type : error.name,
    message: error.message,
    ...(error instanceof ApplicationFailure ? { details: error.details } : {}),
    ...(error.cause instanceof Error ? { cause: levelOf(error.cause) } : {}),
  };

async function replay(history: History, workflowId: string): Promise<string> {
  const workflowBundle = { code: readFileSync(BUNDLE, 'utf8') };
  try {
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
    return 'ok';
  } catch (error) {
    return String(error);
  }
}
