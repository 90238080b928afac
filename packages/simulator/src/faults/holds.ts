import type { Call } from '../http/operation';
import type { Clock } from '../world/clock';
import type { Ids } from '../world/ids';
import type { FaultAction } from './fault-action';

/** What the release of a held call says: do this instead, or (undefined) go on. */
export type Release = FaultAction | undefined;

interface Held {
  readonly hold: string;
  readonly call: Call;
  readonly position: string;
  readonly sinceMs: number;
  readonly release: (release: Release) => void;
}

/** The calls that wait for somebody to release them. */
export class Holds {
  private readonly byId = new Map<string, Held>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Holds the call; resolves with what its release says. */
  hold(call: Call, position: string): Promise<Release> {
    return new Promise((resolve) => {
      const hold = this.ids.hold();
      this.byId.set(hold, { hold, call, position, sinceMs: this.clock.now(), release: resolve });
    });
  }

  /** False when nothing is held under this id. */
  release(hold: string, release: Release): boolean {
    const held = this.byId.get(hold);
    this.byId.delete(hold);
    held?.release(release);
    return held !== undefined;
  }

  describe() {
    return [...this.byId.values()].map(({ hold, call, position, sinceMs }) => ({
      hold,
      operation: call.operation,
      call: call.id,
      position,
      since: new Date(sinceMs).toISOString(),
      ...(call.params['vm'] === undefined ? {} : { vm: call.params['vm'] }),
      ...(call.requestId === undefined ? {} : { requestId: call.requestId }),
    }));
  }
}
