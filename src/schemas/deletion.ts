import { z } from 'zod';
import type { DeletionInput, DeletionResult } from '../contract/deletion';
import { connectionName } from '../request/request-options';
import { requestId } from '../request/request-id';
import { reference } from '../request/text';

/** Schema of `DeletionInput`. */
export const deletionInput: z.ZodType<DeletionInput> = z
  .strictObject({ requestId, connection: connectionName, vmId: reference('the id of the machine') })
  .meta({ title: 'DeletionInput' });

/** Schema of `DeletionResult`. */
export const deletionResult: z.ZodType<DeletionResult> = z
  .object({ vmId: z.string(), name: z.string(), outcome: z.enum(['deleted', 'already-gone']) })
  .meta({ title: 'DeletionResult' });
