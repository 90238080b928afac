import * as fc from 'fast-check';
import type { Operation } from '../../src/contract/operations';
import { anyPlan } from './any-plan';
import { SOMETIMES } from './judge';
import { loadProduct, type SimulationMutant } from './load-product';
import type { Plan } from './plan';
import { runSchedule, type ScheduleReport } from './run-schedule';

export interface SimulationOptions {
  readonly seed: number;
  /** Default 10,000. */
  readonly schedules?: number;
  readonly operation?: Operation;
  readonly mutant?: SimulationMutant;
  /** Ends at the first violation, unshrunk: whoever only asks whether there is one. */
  readonly isFirstEnough?: boolean;
  readonly report: (line: string) => void;
}

export interface SimulationReport {
  /** Schedules that ran, those of a shrinking left out. */
  readonly schedules: number;
  readonly violations: readonly { readonly seed: number; readonly plan: Plan; readonly reason: string }[];
  /** Schedules in which it happened. */
  readonly sometimes: Readonly<Record<(typeof SOMETIMES)[number], number>>;
  /** Schedules in which at least one fault fired. */
  readonly faulty: number;
  readonly events: number;
  /** Of all traces in order: the same seed gives the same one. */
  readonly hash: string;
  readonly seconds: number;
}

/** Schedules of one seed; the first violation in it is shrunk, and ends it. */
const BATCH = 500;
/** More than these are seldom different. */
const MOST_VIOLATIONS = 3;
/** Steps of shrinking; each is a schedule. */
const MOST_SHRINKS = 400;

/** Tier 1: random schedules of the real workflows, activities and client against the real simulator, in virtual time. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const began = performance.now();
  const run = new Run(options, loadProduct(options.mutant));
  const violations: SimulationReport['violations'][number][] = [];
  const { schedules = 10_000 } = options;
  const most = options.isFirstEnough === true ? 1 : MOST_VIOLATIONS;
  for (let batch = 0; batch * BATCH < schedules && violations.length < most; batch++) {
    const numRuns = Math.min(BATCH, schedules - batch * BATCH);
    const found = await run.batch(options.seed + batch, numRuns);
    if (found !== undefined) {
      violations.push(found);
      options.report(`violation: ${found.reason}, by ${JSON.stringify(found.plan)}`);
    }
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const report = { ...run.counted(), violations, seconds };
  options.report(
    `${report.schedules} schedules, ${report.events} events, ${report.faulty} with a fault, ${violations.length} violations, ${seconds} s, hash ${report.hash}`,
  );
  options.report(`sometimes: ${JSON.stringify(report.sometimes)}`);
  return report;
}

class Run {
  private schedules = 0;
  private faulty = 0;
  private events = 0;
  private hash = 0;
  private isShrinking = false;
  private readonly sometimes = Object.fromEntries(SOMETIMES.map((what) => [what, 0]));

  constructor(
    private readonly options: SimulationOptions,
    private readonly workflows: ReturnType<typeof loadProduct>,
  ) {}

  async batch(seed: number, numRuns: number): Promise<SimulationReport['violations'][number] | undefined> {
    this.isShrinking = false;
    let shrinks = 0;
    const property = fc.asyncProperty(anyPlan(this.options.operation), async (plan) => {
      if (this.isShrinking && ++shrinks > MOST_SHRINKS) return;
      const report = await runSchedule(plan, { workflows: this.workflows });
      if (!this.isShrinking) this.count(report);
      if (report.violations.length === 0) return;
      this.isShrinking = true;
      throw new Error(report.violations.join('; '));
    });
    const { counterexample, errorInstance } = await fc.check(property, {
      seed,
      numRuns,
      endOnFailure: this.options.isFirstEnough === true,
    });
    const [plan] = counterexample ?? [];
    if (plan === undefined) return undefined;
    const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    return { seed, plan, reason };
  }

  counted() {
    const { schedules, faulty, events, sometimes } = this;
    const hash = (this.hash >>> 0).toString(16).padStart(8, '0');
    return { schedules, faulty, events, hash, sometimes: sometimes as SimulationReport['sometimes'] };
  }

  private count({ hash, fired, events, sometimes }: ScheduleReport): void {
    this.schedules += 1;
    this.events += events;
    if (fired > 0) this.faulty += 1;
    this.hash = Math.imul(this.hash, 31) + Number.parseInt(hash.slice(0, 8), 16);
    for (const what of SOMETIMES) if (sometimes[what]) this.sometimes[what] = (this.sometimes[what] ?? 0) + 1;
  }
}
