/** On change at most this often in the first minute: a person watches then. */
const EARLY_MS = 5_000;
const EARLY_FOR_MS = 60_000;
/** Each heartbeat that reaches the server is an action, so later they are as rare as crash detection allows. */
const KEEPALIVE_SHARE = 0.75;

export interface Pace {
  /** The server gives an attempt up that was silent for so long. */
  readonly heartbeatTimeoutMs: number;
  /** Whether changes are worth beats of their own in the first minute. */
  readonly showsChanges: boolean;
}

/** Decides when a wait heartbeats: each beat costs, a missing one makes the server give the attempt up. */
export class HeartbeatPace<Details> {
  private readonly startedAt = performance.now();
  private readonly keepaliveMs: number;
  private readonly timer: NodeJS.Timeout;
  private lastAt: number;
  private last: string;

  constructor(
    private readonly beat: (details: Details) => void,
    private readonly pace: Pace,
    private latest: Details,
  ) {
    this.keepaliveMs = pace.heartbeatTimeoutMs * KEEPALIVE_SHARE;
    this.lastAt = this.startedAt;
    this.last = '';
    this.send();
    this.timer = setInterval(() => this.tick(), Math.min(this.keepaliveMs / 4, 1_000));
  }

  /** The newest details; sent now or with a later beat. */
  show(details: Details): void {
    this.latest = details;
    this.tick();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    const sinceLastMs = now - this.lastAt;
    const young = this.pace.showsChanges && now - this.startedAt < EARLY_FOR_MS;
    const early = young && JSON.stringify(this.latest) !== this.last;
    if (sinceLastMs >= this.keepaliveMs || (early && sinceLastMs >= Math.min(EARLY_MS, this.keepaliveMs)))
      this.send();
  }

  private send(): void {
    this.lastAt = performance.now();
    this.last = JSON.stringify(this.latest);
    this.beat(this.latest);
  }
}
