import type { Rpc, RpcAnswer, RpcMoment } from './rpc';
import type { GrpcPassThrough } from './grpc-pass-through';
import type { RoundEnvironment } from './round-environment';
import { until } from '../../test/environment/eventually';

/** `lost`: what is held never arrives, or is never heard of. */
export type Release = 'go-on' | 'lost';

/** A process stands exactly where the plan wants it. */
export interface Reached {
  /** What is held, in words. */
  readonly where: string;
  /** The REST operation that is held; absent where no call to vSphere is. */
  readonly rest?: { readonly operation: string; readonly hold: string; readonly position: RestPosition };
  readonly release: (how: Release) => Promise<void>;
}

export type RestPosition = 'before' | 'after';

/** A point that is planted; it is reached once. */
export interface Armed {
  readonly reached: Promise<Reached>;
}

/** Longer than a round may take: a point that is not reached by then never is. */
const NEVER_MS = 240_000;

/** Holds a call to vSphere. Lost: reset before its effect, or instead of its reply. */
export async function holdRest(
  { control }: RoundEnvironment,
  operation: string,
  position: RestPosition,
  skip = 0,
): Promise<Armed> {
  await control.fault({ operation, position, action: 'hold', skip, count: 1 });
  const find = async () =>
    (await control.holds().catch(() => [])).find(
      (held) => (operation === '*' || held.operation === operation) && held.position === position,
    );
  return {
    reached: until(NEVER_MS, find).then((held) => {
      if (held === undefined) return new Promise<never>(() => undefined);
      return {
        where: `${held.operation} ${position}`,
        rest: { operation: held.operation, hold: held.hold, position },
        release: async (how) => {
          await control.release(held.hold, how === 'lost' ? 'reset' : undefined);
        },
      };
    }),
  };
}

/** Holds a call of Temporal's API. */
export function holdRpc(
  link: GrpcPassThrough,
  moment: RpcMoment,
  matches: (rpc: Rpc) => boolean,
  skip = 0,
): Armed {
  return {
    reached: new Promise((resolve) => {
      link.add({
        moment,
        matches,
        skip,
        act: (rpc) =>
          new Promise<RpcAnswer>((answer) => {
            resolve({
              where: `${rpc.method} ${moment}`,
              release: (how) => Promise.resolve(answer(how)),
            });
          }),
      });
    }),
  };
}

/** Nothing is held: the processes go on while the fault strikes. */
export const passing = (where: string): Reached => ({ where, release: () => Promise.resolve() });

/** Does something the moment an RPC is at a point, before it goes on. */
export function atRpc(
  link: GrpcPassThrough,
  moment: RpcMoment,
  matches: (rpc: Rpc) => boolean,
  act: () => Promise<unknown>,
): void {
  link.add({ moment, matches, act: () => act().then(() => 'go-on' as const) });
}
