import type { Call, Operation, Reply } from './operation';
import { VapiError } from './vapi-error';
import { VimFault } from './vim-fault';

/** Runs an operation; its errors become replies. Anything else is a bug of the simulator and is thrown on. */
export function answer(operation: Operation, call: Call): Reply {
  try {
    return operation.answer(call);
  } catch (error) {
    if (error instanceof VapiError) return vapiReply(operation, error);
    if (error instanceof VimFault) return { status: 500, body: error.body };
    throw error;
  }
}

/** Below `/sdk` no reply has an `error_type` body. */
function vapiReply({ errors }: Operation, error: VapiError): Reply {
  return errors === 'vim' ? { status: error.status } : { status: error.status, body: error.body };
}
