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
  // What begins with a dash would be taken for an option.
  if (requestId.startsWith('-')) return `snapflow ${command}${where} -- ${quoted(requestId)}`;
  return `snapflow ${command} ${quoted(requestId)}${where}`;
};

/** The options by which a request is repeated, for example `--request-id=build-42 --connection lab`. */
export const requestOptions = ({ requestId, connection }: CommandTarget): string =>
  `--request-id=${quoted(requestId)}${connection === undefined ? '' : ` --connection ${quoted(connection)}`}`;
