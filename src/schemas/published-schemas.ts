import { z } from 'zod';
import type { FailureType } from '../contract/failure';
import { inspectInput } from '../request/inspect-input';
import { linkedCloneInput, revertInput } from '../request/operation-input';
import { deletionInput, deletionResult } from './deletion';
import { failureDetails } from './failure-details';
import { inspectResult } from './inspect-result';
import { linkedCloneResult, revertResult } from './operation-results';
import { question, resolveInput } from './resolve';

const failureOf = (type: FailureType) =>
  z.object({
    type: z.literal(type),
    message: z.string(),
    details: z.object(failureDetails[type]).exactOptional(),
  });

const [first, ...others] = (Object.keys(failureDetails) as FailureType[]).map(failureOf);

/** What callers in other languages send and get, by the name of its file in docs/schemas. */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'linked-clone-input': linkedCloneInput,
  'linked-clone-result': linkedCloneResult,
  'revert-input': revertInput,
  'revert-result': revertResult,
  'deletion-input': deletionInput,
  'deletion-result': deletionResult,
  'inspect-input': inspectInput,
  'inspect-result': inspectResult,
  'resolve-input': resolveInput,
  question,
  failure: z.union([first ?? z.never(), ...others]).meta({ title: 'Failure' }),
};
