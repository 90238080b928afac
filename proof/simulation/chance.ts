import { seeded } from '../seeded';

/** Everything that is left to chance in a schedule, from its seed. */
export class Chance {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** Of a message: mostly short, seldom long, so that any two of them may overtake each other. */
  latencyMs(): number {
    const draw = this.random();
    if (draw < 0.97) return 1 + Math.floor(draw * 20);
    return draw < 0.998
      ? 50 + Math.floor((draw - 0.97) * 10_000)
      : 1_000 + Math.floor((draw - 0.998) * 1_000_000);
  }

  oneOf<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)];
  }
}
