import type { OperationSettings } from '../../src/contract/operations';
import { openEnvironment } from '../environment/open-environment';
import { closingAll } from '../environment/opened';
import { SHORT, type ProcessEnvironment } from '../environment/processes';

/** A worker drains in this time, idle as the last one is. */
const DRAIN_MS = 15_000;

/** Plays a case with processes of its own on the shared server. At the end the last worker has to drain. */
export const inEnvironment = (
  operation: Partial<OperationSettings>,
  play: (env: ProcessEnvironment) => Promise<void>,
): Promise<void> =>
  closingAll(async (opened) => {
    const env = await opened.keep(
      openEnvironment({ as: 'processes', name: 'crash', operation: { ...SHORT, ...operation } }),
      (each) => each.close(),
    );
    await play(env);
    const last = env.worker();
    await last.stop(DRAIN_MS);
    expect(await last.ended).toEqual({ code: 0, signal: null });
  });
