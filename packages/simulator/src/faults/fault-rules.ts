import type { Call } from '../http/operation';
import type { Ids } from '../world/ids';
import { seededRandom, type SeededRandom } from '../world/seeded-random';
import type { FaultRule, FaultSpec } from './fault-rule';

/** More rules than any plan holds; a bound so that a runaway script is told. */
const MAX_RULES = 1000;

/** The rules in the order in which they were added; random choices come from the seed. */
export class FaultRules {
  private rules: FaultRule[] = [];
  private readonly random: SeededRandom;

  constructor(
    private readonly ids: Ids,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  /** Adds a rule; undefined when there are too many. */
  add(spec: FaultSpec): FaultRule | undefined {
    if (this.rules.length >= MAX_RULES) return undefined;
    const rule: FaultRule = { ...spec, rule: this.ids.rule(), matched: 0, fired: 0 };
    this.rules.push(rule);
    return rule;
  }

  all(): readonly FaultRule[] {
    return this.rules;
  }

  clear(): void {
    this.rules = [];
  }

  /**
   * The rules that fire for this call: every rule that has only a `do`, up to and including the first one that
   * does something to the call itself.
   */
  fire(call: Call, vmNames: readonly string[]): FaultRule[] {
    const fired: FaultRule[] = [];
    for (const rule of this.rules) {
      if (!matchesCall(rule, call, vmNames) || !this.isDue(rule)) continue;
      rule.fired += 1;
      fired.push(rule);
      if (rule.action !== undefined || rule.position !== 'before') break;
    }
    return fired;
  }

  private isDue(rule: FaultRule): boolean {
    rule.matched += 1;
    if (rule.matched <= rule.skip) return false;
    if (rule.count !== undefined && rule.fired >= rule.count) return false;
    return rule.probability === 1 || this.random() < rule.probability;
  }
}

function matchesCall(rule: FaultRule, call: Call, vmNames: readonly string[]): boolean {
  if (rule.operation !== '*' && rule.operation !== call.operation) return false;
  return rule.vm === undefined || vmNames.includes(rule.vm);
}
