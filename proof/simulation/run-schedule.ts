import { judge, type Sometimes } from './judge';
import type { Plan } from './plan';
import { Schedule } from './schedule';
import { installVirtualGlobals } from './virtual-globals';

export interface ScheduleReport {
  /** Stands for everything that happened, in order: the same plan gives the same one. */
  readonly hash: string;
  readonly violations: readonly string[];
  readonly sometimes: Sometimes;
  readonly fired: number;
  readonly events: number;
}

export interface RunOptions {
  readonly workflows: Readonly<Record<string, unknown>>;
  readonly log?: (line: string) => void;
}

/** Runs one plan in virtual time and judges what is left. */
export async function runSchedule(plan: Plan, { workflows, log }: RunOptions): Promise<ScheduleReport> {
  const schedule = new Schedule(plan, workflows, log);
  const restore = installVirtualGlobals(schedule.time, schedule.random);
  try {
    const isSettled = await schedule.run();
    const { violations, sometimes } = judge(schedule, isSettled);
    const { time, fired } = schedule;
    return { hash: time.hash(), violations, sometimes, fired: fired.length, events: time.events };
  } finally {
    restore();
  }
}
