import { quoted } from './quoted';

/** How to come back to an operation that goes on without its starter, ready to be pasted. */
export const comeBack = (id: string, connection: string | undefined): string => {
  const where = connection === undefined ? '' : ` --connection ${quoted(connection)}`;
  return `The operation goes on: snapflow wait ${quoted(id)}${where}`;
};
