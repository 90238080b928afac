import type { Clock } from './clock';
import { VsphereError } from './vsphere-error';
import type { LoginOutcome } from './vsphere-observer';

/** Directories lock an account after a few refused logins within minutes: one a minute stays below that. */
const REFUSED_LOGIN_PAUSE_MS = 60_000;

/** Remembers the last refused login of one account, whichever of the hosts refused it: it is the same account on both. */
export class RefusedLogins {
  #last: { readonly error: VsphereError; readonly atMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tell: (outcome: LoginOutcome) => void = () => undefined,
  ) {}

  /** Logs in, or fails at once with the last refusal while that is less than a minute old. */
  async unlessRecent<T>(login: () => Promise<T>): Promise<T> {
    const last = this.#last;
    if (last && this.clock.monotonicMs() - last.atMs < REFUSED_LOGIN_PAUSE_MS) {
      this.tell('withheld');
      throw last.error;
    }
    try {
      const result = await login();
      this.#last = undefined;
      this.tell('ok');
      return result;
    } catch (error) {
      this.tell(error instanceof VsphereError ? error.kind : 'error');
      if (error instanceof VsphereError && error.kind === 'login-refused') {
        this.#last = { error, atMs: this.clock.monotonicMs() };
      }
      throw error;
    }
  }
}
