import { randomBytes, randomUUID } from 'node:crypto';
import { VapiError } from '../http/errors';
import type { Clock } from './clock';
import type { Settings } from './settings';

export interface Session {
  /** Public name of the session; never its secret. */
  readonly key: string;
  readonly user: string;
  /** Opened by VI/JSON's own login. */
  readonly bySdk: boolean;
  readonly createdMs: number;
  lastAccessedMs: number;
  callCount: number;
}

/** The sessions of one host; one that idles for longer than `sessionIdleMs` is gone, and there are at most `maxSessions`. */
export class Sessions {
  private readonly bySecret = new Map<string, Session>();

  constructor(
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Opens a session and returns its secret. */
  open(user: string, bySdk = false): string {
    this.dropIdle();
    const { maxSessions } = this.settings;
    if (this.bySecret.size >= maxSessions) {
      throw new VapiError('SERVICE_UNAVAILABLE', `All ${maxSessions} sessions are in use.`);
    }
    const secret = randomBytes(16).toString('hex');
    const nowMs = this.clock.now();
    const key = randomUUID();
    this.bySecret.set(secret, { key, user, bySdk, createdMs: nowMs, lastAccessedMs: nowMs, callCount: 0 });
    return secret;
  }

  /** The session of this secret, used now; undefined when there is none any more. */
  use(secret: string | undefined): Session | undefined {
    this.dropIdle();
    const session = secret === undefined ? undefined : this.bySecret.get(secret);
    if (!session) return undefined;
    session.lastAccessedMs = this.clock.now();
    session.callCount += 1;
    return session;
  }

  close(secret: string): void {
    this.bySecret.delete(secret);
  }

  closeAll(): void {
    this.bySecret.clear();
  }

  all(): Session[] {
    this.dropIdle();
    return [...this.bySecret.values()];
  }

  private dropIdle(): void {
    const oldestMs = this.clock.now() - this.settings.sessionIdleMs;
    for (const [secret, session] of this.bySecret) {
      if (session.lastAccessedMs < oldestMs) this.bySecret.delete(secret);
    }
  }
}
