import { z } from 'zod';
import type { InspectInput } from '../contract/inspect';
import { linkedCloneRequest } from './linked-clone-request';
import { parse } from './parse';
import { connectionName } from './request-options';
import { revertRequest } from './revert-request';
import { reference } from './text';

const snapshots = z
  .strictObject({
    kind: z.literal('snapshots'),
    connection: connectionName.exactOptional(),
    cluster: reference('a cluster name or id').exactOptional(),
    vm: reference('the name or id of the virtual machine'),
  })
  .meta({ title: 'SnapshotsQuery' });

const plan = z.discriminatedUnion(
  'operation',
  [
    z.strictObject({ kind: z.literal('plan'), operation: z.literal('clone'), request: linkedCloneRequest }),
    z.strictObject({ kind: z.literal('plan'), operation: z.literal('revert'), request: revertRequest }),
  ],
  { error: 'clone or revert' },
);

const doctor = z.strictObject({ kind: z.literal('doctor') }).meta({ title: 'DoctorQuery' });

/** Schema of `InspectInput`. */
export const inspectInput = z
  .strictObject(
    {
      query: z.discriminatedUnion('kind', [snapshots, plan, doctor], {
        error: 'an object whose kind is snapshots, plan or doctor',
      }),
    },
    { error: 'an object with query' },
  )
  .meta({ title: 'InspectInput' });

/**
 * Parses the one argument of `inspect`: callers in other languages bypass the client library.
 * @throws RequestInvalid naming every wrong field
 */
export const parseInspectInput = (value: unknown): InspectInput =>
  parse<InspectInput>(inspectInput, value, 'input');
