import type { Fault } from './fault';
import { sigkillStarter, sigkillWorker } from './strike-process';

/** The catalogue. */
export const FAULTS = {
  'sigkill-worker': {
    group: 'A',
    title: 'SIGKILL of the worker',
    strike: sigkillWorker,
  },
  'sigkill-starter': {
    group: 'A',
    title: 'SIGKILL of the caller, who asks again',
    strike: sigkillStarter,
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export const faultOf = (name: string): Fault => {
  const fault = (FAULTS as Record<string, Fault>)[name];
  if (fault === undefined) throw new Error(`There is no fault ${name}: --plan-list shows them.`);
  return fault;
};
