import type { Rpc, RpcAnswer, RpcMoment, RpcRule } from './rpc';

interface Counted {
  readonly rule: RpcRule;
  matched: number;
  acted: number;
}

export interface PlantedRule {
  readonly remove: () => void;
  /** How often it has acted. */
  readonly acted: () => number;
}

/** The rules of one pass-through, asked in the order in which they were added; the first that is due decides. */
export class RpcRules {
  private counted: Counted[] = [];

  add(rule: RpcRule): PlantedRule {
    const counted = { rule, matched: 0, acted: 0 };
    this.counted.push(counted);
    return {
      remove: () => {
        this.counted = this.counted.filter((each) => each !== counted);
      },
      acted: () => counted.acted,
    };
  }

  async decide(moment: RpcMoment, rpc: Rpc): Promise<RpcAnswer> {
    for (const each of this.counted) {
      const { rule } = each;
      if (rule.moment !== moment || !rule.matches(rpc)) continue;
      each.matched += 1;
      if (each.matched <= (rule.skip ?? 0) || each.acted >= (rule.count ?? 1)) continue;
      each.acted += 1;
      return rule.act(rpc);
    }
    return 'go-on';
  }
}
