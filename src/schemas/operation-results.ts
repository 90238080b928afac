import { z } from 'zod';
import type { LinkedCloneResult, PowerState, RevertResult, Warning } from '../contract/result';

const WARNING_TYPES = {
  NameDiffers: 'NameDiffers',
  PoweredOn: 'PoweredOn',
  CloneGone: 'CloneGone',
  DuplicateSuspected: 'DuplicateSuspected',
  PowerNotRestored: 'PowerNotRestored',
  PrivilegeUnconfirmed: 'PrivilegeUnconfirmed',
  UndoSnapshotUnknown: 'UndoSnapshotUnknown',
  VmGone: 'VmGone',
} as const satisfies { [Type in Warning['type']]: Type };

const POWER_STATES = {
  POWERED_ON: 'POWERED_ON',
  POWERED_OFF: 'POWERED_OFF',
  SUSPENDED: 'SUSPENDED',
} as const satisfies { [State in PowerState]: State };

/** Schema of `Warning`. */
export const warning: z.ZodType<Warning> = z
  .object({ type: z.enum(WARNING_TYPES), message: z.string() })
  .meta({ title: 'Warning' });

const warnings = z.array(warning).exactOptional();

/** Schema of `LinkedCloneResult`. */
export const linkedCloneResult: z.ZodType<LinkedCloneResult> = z
  .object({ vmId: z.string(), name: z.string(), taskId: z.string().exactOptional(), warnings })
  .meta({ title: 'LinkedCloneResult' });

/** Schema of `RevertResult`. */
export const revertResult: z.ZodType<RevertResult> = z
  .object({
    taskId: z.string().exactOptional(),
    undoSnapshotId: z.string().exactOptional(),
    powerState: z.enum(POWER_STATES),
    warnings,
  })
  .meta({ title: 'RevertResult' });
