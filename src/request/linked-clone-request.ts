import { z } from 'zod';
import type { LinkedCloneRequest } from '../contract/request';
import { parse } from './parse';
import { requestOptions } from './request-options';
import { reference, text } from './text';

/** Schema of `LinkedCloneRequest`. 80 characters is vCenter's own limit for the name of a virtual machine. */
export const linkedCloneRequest = z
  .strictObject(
    {
      ...requestOptions,
      vm: reference('the name or id of the source virtual machine'),
      snapshot: reference("a snapshot's name or id, or latest,"),
      name: text(80, 'a name for the new virtual machine'),
      folder: reference('a folder name or id').exactOptional(),
      resourcePool: reference('a resource pool name or id').exactOptional(),
      host: reference('a host name or id').exactOptional(),
      powerOn: z.boolean({ error: 'true or false' }).exactOptional(),
      onFailure: z.enum(['delete', 'keep'], { error: 'delete or keep' }).exactOptional(),
    },
    { error: 'an object with vm, snapshot and name' },
  )
  .meta({ title: 'LinkedCloneRequest' });

/**
 * Parses what a caller sent as a clone request. Nothing is filled in: defaults belong to whoever acts on it.
 * @throws RequestInvalid naming every wrong field
 */
export const parseLinkedCloneRequest = (value: unknown): LinkedCloneRequest =>
  parse<LinkedCloneRequest>(linkedCloneRequest, value, 'request');
