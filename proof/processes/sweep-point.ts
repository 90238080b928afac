import { holdRest, holdRpc, type Armed } from './firing-point';
import type { Rpc } from './rpc';
import type { RoundEnvironment } from './round-environment';

/** Calls of the worker whose loss can change anything; a poll counts once its answer brings a task. */
const SWEPT = [
  'RespondWorkflowTaskCompleted',
  'RespondActivityTaskCompleted',
  'RespondActivityTaskFailed',
  'RecordActivityTaskHeartbeat',
  'DescribeWorkflowExecution',
];
const POLLS = ['PollWorkflowTaskQueue', 'PollActivityTaskQueue'];

/** `rest 7 after`, `rpc 3 before`, `poll 2 after`: which call of its kind, counted from 0. */
export interface SweepPoint {
  readonly kind: 'rest' | 'rpc' | 'poll';
  readonly index: number;
  readonly moment: 'before' | 'after';
}

export const sweepPointText = ({ kind, index, moment }: SweepPoint): string => `${kind} ${index} ${moment}`;

export function parseSweepPoint(text: string): SweepPoint {
  const parts = /^(rest|rpc|poll) (\d+) (before|after)$/.exec(text);
  if (parts === null) throw new Error(`"${text}" is no point of a sweep: give one like "rest 7 after".`);
  const [, kind, index, moment] = parts;
  return { kind, index: Number(index), moment } as SweepPoint;
}

/** Holds exactly that call of the worker. */
export function armSweep(round: RoundEnvironment): Promise<Armed> | Armed {
  const { kind, index, moment } = parseSweepPoint(round.plan.at);
  switch (kind) {
    case 'rest':
      return holdRest(round, '*', moment, index);
    case 'rpc':
      return holdRpc(round.workerLink, moment, ({ method }) => SWEPT.includes(method), index);
    case 'poll':
      return holdRpc(round.workerLink, moment, bringsTask, index);
  }
}

/** An empty answer is what a long poll says when nothing came. */
const bringsTask = ({ method, response }: Rpc): boolean =>
  POLLS.includes(method) && response !== undefined && response.length > 0;
