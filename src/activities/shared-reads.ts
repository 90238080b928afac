import type { CallOptions } from '../vsphere';

/** Requests that come together, as a build's do, come within this. What changes in it could change right after a check, too. */
const SHARED_FOR_MS = 2_000;

interface Shared {
  readonly fromMs: number;
  readonly value: Promise<unknown>;
}

/**
 * What requests that are alike read at about the same time is read once. No failure is kept: each request that shared one
 * reads for itself, and is told its own.
 */
export class SharedReads {
  private readonly reads = new Map<string, Shared>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** @param key names what is read, with all that it depends on: one key, one type */
  async read<T>(key: string, options: CallOptions, read: (options: CallOptions) => Promise<T>): Promise<T> {
    this.forgetOld();
    const known = this.reads.get(key);
    if (known === undefined) return this.share(key, read(options));
    try {
      return (await unlessAborted(known.value, options.signal)) as T;
    } catch {
      options.signal?.throwIfAborted();
      return read(options);
    }
  }

  private share<T>(key: string, value: Promise<T>): Promise<T> {
    const shared = { fromMs: this.nowMs(), value };
    this.reads.set(key, shared);
    value.catch(() => {
      if (this.reads.get(key) === shared) this.reads.delete(key);
    });
    return value;
  }

  /** They lie in the order in which they began. So there are never more than began within the time of sharing. */
  private forgetOld(): void {
    for (const [key, { fromMs }] of this.reads) {
      if (this.nowMs() - fromMs < SHARED_FOR_MS) return;
      this.reads.delete(key);
    }
  }
}

/** Another request's read goes on when this one is given up. */
function unlessAborted<T>(value: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    return undefined;
  });
}
