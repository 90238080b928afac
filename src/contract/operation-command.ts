import { quoted } from './quoted';

/** The operation that a command is about; without a connection it is on the default one. */
export interface CommandTarget {
  readonly requestId: string;
  readonly connection?: string;
}

/**
 * What a person types about one operation, for example `snapflow cancel build-42 --connection lab`; `option` comes last.
 * An id that begins as an option does comes behind `--`.
 */
export const operationCommand = (
  command: 'status' | 'wait' | 'cancel' | 'resolve',
  { requestId, connection }: CommandTarget,
  option?: string,
): string => {
  const id = quoted(requestId);
  const options = [
    ...(connection === undefined ? [] : ['--connection', quoted(connection)]),
    ...(option === undefined ? [] : [option]),
  ];
  const words = requestId.startsWith('-') ? [...options, '--', id] : [id, ...options];
  return ['snapflow', command, ...words].join(' ');
};

/** The options by which a request is repeated, for example `--request-id=build-42 --connection lab`. */
export const requestOptions = ({ requestId, connection }: CommandTarget): string =>
  `--request-id=${quoted(requestId)}${connection === undefined ? '' : ` --connection ${quoted(connection)}`}`;
