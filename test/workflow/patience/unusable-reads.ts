import { openEnvironment } from '../../environment/open-environment';
import { closingAll } from '../../environment/opened';
import { type } from '../faults/error-table';
import { expectRefusal } from './expect-refusal';

/** Machine, what every read of its snapshots answers, then the failure's type and words: what is wrong, and the remedy. */
const ROWS = [
  [
    'web-01',
    type(503, 'SERVICE_UNAVAILABLE'),
    'Unreachable',
    ['the server answered 503 SERVICE_UNAVAILABLE', 'try again later'],
  ],
  [
    'web-02',
    { status: 200 },
    'ReplyMalformed',
    ['the answer with status 200 is no JSON', 'check that applianceUrl leads to the right server'],
  ],
] as const;

/** A clone whose prepare reads nothing usable for ever fails after its attempts, and nothing is left. */
export const unusableReads = (): Promise<void> =>
  closingAll(async (opened) => {
    const env = await opened.keep(openEnvironment({ as: 'threads' }), (each) => each.close());
    for (const [vm, action] of ROWS) await env.control.fault({ operation: 'snapshots.list', vm, action });
    await Promise.all(ROWS.map(([vm, , failure, says]) => expectRefusal(env, { vm, type: failure, says })));
    expect(await env.control.ledger()).toEqual([]);
  });
