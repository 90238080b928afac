import type { OperationOverview } from '../../client';
import { isMachine } from '../../client/is-machine';
import { quoted } from '../quoted';
import { printable } from '../printable';

/** The exact commands that answer what an operation asks, one line each; nothing while it asks nothing. */
export const decisions = ({ status, request, question }: OperationOverview): string => {
  if (question === undefined) return '';
  const { connection } = request;
  const where = typeof connection === 'string' ? ` --connection ${quoted(connection)}` : '';
  const choices = [
    ...(status.operation === 'clone' ? ofClone(question.candidates) : OF_REVERT),
    ['--repeat', 'there was no effect: make it again'],
    ['--abandon', 'give up; nothing is deleted'],
  ] as const;
  const commands = choices.map(([flag]) =>
    printable(`snapflow resolve ${quoted(status.id)}${where} ${flag}`),
  );
  const widest = Math.max(...commands.map(({ length }) => length));
  const lines = choices.map(([, meaning], at) => `  ${(commands[at] ?? '').padEnd(widest)}  ${meaning}\n`);
  return `Look at the candidates in vSphere, then decide with one of:\n${lines.join('')}`;
};

type Choice = readonly [flag: string, meaning: string];

const ofClone = (candidates: readonly string[]): readonly Choice[] =>
  candidates.map((candidate) =>
    isMachine(candidate)
      ? ([`--vm ${candidate}`, "this machine is the request's clone"] as const)
      : ([`--task ${quoted(candidate)}`, "this task is the request's"] as const),
  );

/** A candidate of a revert is a task or a snapshot that the service took before a revert, whosever it was. */
const OF_REVERT: readonly Choice[] = [
  ['--done', 'the revert has happened'],
  ['--task TASK', "this task is the request's"],
];
