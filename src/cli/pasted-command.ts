import { operationCommand, type CommandTarget } from '../contract/operation-command';
import { quoted } from '../contract/quoted';

/** A command about one operation, ready to be pasted; an id that begins as an option does comes behind `--`. */
export const pastedCommand = (
  command: 'wait' | 'resolve',
  target: CommandTarget,
  option?: string,
): string => {
  const { requestId, connection } = target;
  const last = option === undefined ? [] : [option];
  if (!requestId.startsWith('-')) return [operationCommand(command, target), ...last].join(' ');
  const where = connection === undefined ? [] : ['--connection', quoted(connection)];
  return ['snapflow', command, ...where, ...last, '--', quoted(requestId)].join(' ');
};
