import type { Plan, PlannedOperation } from '../judge/evidence/plan';
import type { Fault } from './fault';
import { makePlan } from './make-plan';
import { PACKET_FAULTS } from './packet-faults';

/** Where a call to vSphere is under way or comes next. */
const PACKET_WINDOWS = ['K9', 'K10', 'K11', 'K12', 'K15', 'K20', 'K21', 'K23'];
/** One round in so many has the values of production. */
const PRODUCTION_EVERY = 8;

/** Every kind of loss in every such window, the moments of the POST first. */
export const packetPlans = (seed: number): readonly Plan[] =>
  (['clone', 'revert'] as const satisfies readonly PlannedOperation[])
    .flatMap((operation) =>
      PACKET_WINDOWS.flatMap((window) =>
        Object.entries(PACKET_FAULTS as Record<string, Fault>)
          .filter(([, { impossible }]) => impossible?.({ operation, window, profile: 'test' }) === undefined)
          .map(([fault]) => ({ operation, window, fault })),
      ),
    )
    .map((cell, index) => {
      const profile = index % PRODUCTION_EVERY === PRODUCTION_EVERY - 1 ? 'production' : 'test';
      return makePlan({ kind: 'matrix', at: cell.window, profile, ...cell }, seed);
    });
