import type { Evidence } from '../../src/workflows/phases';

/** As if every check had seen nothing. */
export function withoutLook({ known, phase }: Evidence): Evidence {
  const nothing = { ...known.baseline, tasks: [], vms: [] };
  if (phase.kind === 'unknown' && phase.hasWaited)
    return { known, phase: { ...phase, kind: 'looking', candidates: [], look: nothing } };
  return { known, phase: 'look' in phase ? { ...phase, look: phase.look ?? nothing } : phase };
}

/** As if every call of a dead worker had arrived by the end of a usual safety wait. */
export function withoutLateCalls({ known, phase }: Evidence): Evidence {
  if (phase.kind !== 'looking' || phase.mayBeLate !== true) return { known, phase };
  const { mayBeLate: _, ...rest } = phase;
  return { known, phase: { ...rest, hasWaited: true } };
}

/** As if every safety wait were over. */
export const withoutWait = ({ known, phase }: Evidence): Evidence => ({
  known,
  phase: 'hasWaited' in phase ? { ...phase, hasWaited: true } : phase,
});
