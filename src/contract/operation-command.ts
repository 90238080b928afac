import { quoted } from './quoted';

/** The operation that a command is about; without a connection it is on the default one. */
export interface CommandTarget {
  readonly requestId: string;
  readonly connection?: string;
}

/** What a person types about one operation, for example `snapflow cancel build-42 --connection lab`. */
export const operationCommand = (
  command: 'status' | 'wait' | 'cancel' | 'resolve',
  { requestId, connection }: CommandTarget,
): string => {
  const where = connection === undefined ? '' : ` --connection ${quoted(connection)}`;
  return `snapflow ${command} ${quoted(requestId)}${where}`;
};
