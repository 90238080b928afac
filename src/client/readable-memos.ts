import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultDataConverter, type LoadedDataConverter } from '@temporalio/common';
import { readableMemo } from '../contract/listed-runs';

/**
 * An interceptor of Temporal's client: `describe` rejects where one field of the memo does not decode, so such fields are
 * left out before the SDK reads them. Another program may have put its own workflow under the id of a lock or a request.
 */
export const readableMemos = (
  namespace: string,
  converter: LoadedDataConverter = defaultDataConverter,
): WorkflowClientInterceptor => ({
  async describe(input, next) {
    const described = await next(input);
    const fields = described.workflowExecutionInfo?.memo?.fields;
    if (fields) {
      const owner = { namespace, workflowId: input.workflowExecution.workflowId ?? '' };
      const { memo } = await readableMemo(fields, converter, owner);
      for (const key of Object.keys(fields)) if (!Object.hasOwn(memo, key)) delete fields[key];
    }
    return described;
  },
});
