import { operationCommand } from '../contract/text';

/** How to come back to an operation that goes on without its starter, ready to be pasted. */
export const comeBack = (requestId: string, connection: string | undefined): string =>
  `The operation goes on: ${operationCommand('wait', { requestId, ...(connection === undefined ? {} : { connection }) })}`;
