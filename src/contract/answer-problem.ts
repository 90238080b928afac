import type { Resolution } from './resolve';
import { showValue } from './show-value';

/** More than any id of vSphere has. */
const MAX_ID_CHARACTERS = 255;
/** Ids end up in paths, filters and logs: no server takes one with a blank, a control or an invisible character. */
const ID = /^(?!\.{1,2}$)[^\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

const NAMED = { task: 'a task', vm: 'a machine, for example vm-1042' } as const;

/** What is wrong with the id that an answer names, in parts of a sentence; undefined where it can be one. */
export const answerProblem = (
  resolution: Resolution,
): { readonly field: string; readonly value: string; readonly remedy: string } | undefined => {
  if (resolution.kind !== 'task' && resolution.kind !== 'vm') return undefined;
  const { kind } = resolution;
  // An answer comes over the wire: the type only says what it should be.
  const id: unknown = kind === 'task' ? resolution.taskId : resolution.vmId;
  if (typeof id === 'string' && id.length <= MAX_ID_CHARACTERS && ID.test(id)) return undefined;
  const remedy = `give the id of ${NAMED[kind]}, of 1 to ${MAX_ID_CHARACTERS} characters without blanks and control characters`;
  return { field: kind, value: id === undefined ? 'missing' : showValue(id), remedy };
};
