import { z } from 'zod';
import type { LinkedCloneInput, RevertInput } from '../contract/request';
import { linkedCloneRequest } from './linked-clone-request';
import { parse } from './parse';
import { requestId } from './request-id';
import { revertRequest } from './revert-request';
import { text } from './text';

const inputOf = <Request extends z.ZodType>(request: Request) =>
  z
    .strictObject(
      {
        requestId,
        request,
        again: z
          .strictObject(
            { afterRunId: text(64, 'the run id of the run before') },
            { error: 'an object with afterRunId' },
          )
          .exactOptional(),
      },
      { error: 'an object with requestId and request' },
    )
    .meta({ title: 'OperationInput' });

export const linkedCloneInput = inputOf(linkedCloneRequest);
export const revertInput = inputOf(revertRequest);

/**
 * Parses the one argument of `linkedCloneVm`: callers in other languages bypass the client library.
 * @throws RequestInvalid naming every wrong field
 */
export const parseLinkedCloneInput = (value: unknown): LinkedCloneInput =>
  parse<LinkedCloneInput>(linkedCloneInput, value, 'input');

/**
 * Parses the one argument of `revertVm`.
 * @throws RequestInvalid naming every wrong field
 */
export const parseRevertInput = (value: unknown): RevertInput =>
  parse<RevertInput>(revertInput, value, 'input');
