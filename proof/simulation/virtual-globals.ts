import { AsyncResource } from 'node:async_hooks';
import type { VirtualTime } from './virtual-time';

/**
 * Puts the virtual clock in place of every clock and timer that the product's code can reach; returns how to undo it.
 * @param leastIntervalMs what repeats more often does so as seldom as this
 */
export function installVirtualGlobals(
  time: VirtualTime,
  random: () => number,
  leastIntervalMs = 1,
): () => void {
  const real = {
    Date: globalThis.Date,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    random: Math.random,
    timeout: AbortSignal.timeout.bind(AbortSignal),
  };
  const wallMs = () => time.current.wallMs?.() ?? time.nowMs;
  const clear = (handle: unknown) => (handle as Handle | undefined)?.cancel();
  Object.assign(globalThis, {
    Date: virtualDate(real.Date, wallMs),
    setTimeout: (act: () => void, delayMs = 0) => new Handle(time, act, delayMs, false),
    setInterval: (act: () => void, delayMs = 0) =>
      new Handle(time, act, Math.max(leastIntervalMs, delayMs), true),
    clearTimeout: clear,
    clearInterval: clear,
  });
  Math.random = () => (time.current.random ?? random)();
  AbortSignal.timeout = (delayMs) => {
    const controller = new AbortController();
    time.after(delayMs, '', () => controller.abort(new DOMException('timed out', 'TimeoutError')));
    return controller.signal;
  };
  Object.defineProperty(performance, 'now', { configurable: true, value: () => time.nowMs });
  return () => {
    Object.assign(globalThis, {
      Date: real.Date,
      setTimeout: real.setTimeout,
      clearTimeout: real.clearTimeout,
      setInterval: real.setInterval,
      clearInterval: real.clearInterval,
    });
    Math.random = real.random;
    AbortSignal.timeout = real.timeout;
    Reflect.deleteProperty(performance, 'now');
  };
}

class Handle {
  private timer: { cancel: () => void };
  private isCancelled = false;

  constructor(time: VirtualTime, act: () => void, delayMs: number, repeats: boolean) {
    // As real timers do: what runs in the context of an activity stays in it.
    const context = new AsyncResource('timer');
    const again = () => {
      context.runInAsyncScope(act);
      if (repeats && !this.isCancelled) this.timer = time.after(delayMs, '', again);
    };
    this.timer = time.after(delayMs, '', again);
  }

  cancel(): void {
    this.isCancelled = true;
    this.timer.cancel();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

function virtualDate(Real: DateConstructor, nowMs: () => number): DateConstructor {
  class VirtualDate extends Real {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [nowMs()] : given) as [number]));
    }

    static override now(): number {
      return nowMs();
    }
  }
  return VirtualDate as unknown as DateConstructor;
}
