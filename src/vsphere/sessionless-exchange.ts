import { startCallDeadline } from './call-deadline';
import type { CallFailure } from './call-failure';
import { targetPaths } from './call-target';
import type { WireReply } from './exchange';
import type { HostWire, RequestBody, Sending } from './host-wire';
import type { VsphereCall } from './vsphere-call';
import { withinDeadline } from './within-deadline';

interface Composed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
}

interface SessionlessExchange<T> {
  readonly deadlineMs: number;
  readonly requestId: string | undefined;
  readonly purpose: Sending['purpose'];
  /** Headers and body; may ask for a password. */
  readonly compose: (failure: CallFailure) => Promise<Composed>;
  readonly read: (reply: WireReply, failure: CallFailure) => T;
}

/** One exchange outside of any session: a login, a logout, a look at the release. Never a change: it had no effect. */
export async function sessionlessExchange<T>(
  wire: HostWire,
  call: VsphereCall<unknown>,
  { deadlineMs, requestId, purpose, compose, read }: SessionlessExchange<T>,
): Promise<T> {
  const deadline = startCallDeadline(deadlineMs);
  const failure = wire.failure(call, false);
  try {
    const { headers, body } = await withinDeadline(compose(failure), deadline.signal);
    const [path = ''] = targetPaths(call);
    const { signal } = deadline;
    return read(await wire.send(call, { path, headers, body, requestId, signal, purpose }), failure);
  } catch (thrown) {
    throw failure.from(thrown);
  } finally {
    deadline.end();
  }
}
