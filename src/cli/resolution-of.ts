import type { Resolution } from '../client';
import { UsageError } from './usage-error';

/** An operator's decision as commander gives it. */
export interface ResolutionOptions {
  readonly task?: string;
  readonly vm?: string;
  readonly done?: boolean;
  readonly repeat?: boolean;
  readonly abandon?: boolean;
}

/** @throws UsageError unless exactly one decision was given */
export const resolutionOf = ({ task, vm, done, repeat, abandon }: ResolutionOptions): Resolution => {
  const given: Resolution[] = [
    ...(task === undefined ? [] : [{ kind: 'task', taskId: task } as const]),
    ...(vm === undefined ? [] : [{ kind: 'vm', vmId: vm } as const]),
    ...(done === true ? [{ kind: 'done' } as const] : []),
    ...(repeat === true ? [{ kind: 'repeat' } as const] : []),
    ...(abandon === true ? [{ kind: 'abandon' } as const] : []),
  ];
  const [only, ...more] = given;
  if (only !== undefined && more.length === 0) return only;
  throw new UsageError('Give exactly one of --task, --vm, --done, --repeat and --abandon.');
};
