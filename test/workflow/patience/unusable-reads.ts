import { QUICK, type } from '../faults/error-table';
import { endOf, Scene } from '../faults/scene';

/** A clone whose prepare reads nothing usable for ever fails after its budget, and nothing is left. */
export async function unusableReads(): Promise<void> {
  const scene = await Scene.open({ operation: QUICK, simulator: { cloneMs: 300 } });
  const rows = [
    ['web-01', type(503, 'SERVICE_UNAVAILABLE'), 'Unreachable'],
    ['web-02', { status: 200 }, 'ReplyMalformed'],
  ] as const;
  for (const [vm, action] of rows) await scene.fault({ operation: 'snapshots.list', vm, action });
  const ends = rows.map(async ([vm]) => endOf(await scene.clone(`budget-${vm}`, { vm })));
  expect(await Promise.all(ends)).toMatchObject(rows.map(([, , failure]) => ({ type: failure })));
  for (const [vm] of rows) expect(await scene.cloneEffects(`budget-${vm}`)).toEqual([]);
  await scene.close();
}
