import { z } from 'zod';
import type { RevertRequest } from '../contract/request';
import { parse } from './parse';
import { requestOptions } from './request-options';
import { reference } from './text';

/** Schema of `RevertRequest`. */
export const revertRequest = z
  .strictObject(
    {
      ...requestOptions,
      vm: reference('the name or id of the virtual machine'),
      snapshot: reference("a snapshot's name or id, or latest,"),
      restorePower: z.boolean({ error: 'true or false' }).exactOptional(),
    },
    { error: 'an object with vm and snapshot' },
  )
  .meta({ title: 'RevertRequest' });

/**
 * Parses what a caller sent as a revert request. Nothing is filled in: defaults belong to whoever acts on it.
 * @throws RequestInvalid naming every wrong field
 */
export const parseRevertRequest = (value: unknown): RevertRequest =>
  parse<RevertRequest>(revertRequest, value, 'request');
