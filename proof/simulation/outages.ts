import { omitUndefined } from '../../src/contract/omit-undefined';
import type { CallFault } from './network';
import type { Happening } from './plan';

type Outage = Extract<Happening, { readonly do: 'storm' | 'outage' }>;

/** What the servers are to every call, for a while: the newest of each kind counts. */
export class Outages {
  private readonly begun = new Map<Outage['do'], { readonly outage: Outage; readonly sinceMs: number }>();

  begin(outage: Outage, nowMs: number): void {
    this.begun.set(outage.do, { outage, sinceMs: nowMs });
  }

  /** What becomes of a call of this operation. */
  faultAt(nowMs: number, operation: string): CallFault | undefined {
    for (const kind of ['outage', 'storm'] as const) {
      const { outage, sinceMs } = this.begun.get(kind) ?? {};
      if (outage === undefined || sinceMs === undefined || nowMs >= sinceMs + outage.forMs) continue;
      const fault = faultOf(outage, nowMs - sinceMs, operation);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

function faultOf(outage: Outage, ageMs: number, operation: string): CallFault | undefined {
  if (outage.do === 'storm')
    return (outage.of ?? operation) === operation ? answered(outage.status, outage.errorType) : undefined;
  const isOut = Math.floor(ageMs / (outage.everyMs ?? Infinity)) % 2 === 0;
  return isOut ? { kind: 'refused-connection' } : undefined;
}

export const answered = (status: number, errorType: string | undefined) =>
  omitUndefined({ kind: 'answered' as const, status, errorType });
