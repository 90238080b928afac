import { titleOf, type Detector } from './detector';
import type { MutatedCopy } from './mutated-copy';
import { ask, type AskOptions } from './ask';

/**
 * Red without a mutant says nothing about one: whoever has noticed something has to be green without it. Asked only of
 * those, once; a red one is asked again the next time, since a busy machine may have made it so.
 */
export class Controls {
  private readonly green = new Set<string>();

  constructor(
    private readonly copy: MutatedCopy,
    private readonly options: AskOptions,
  ) {}

  /** The copy must be without a mutant. */
  async isGreen(detector: Detector): Promise<boolean> {
    const title = titleOf(detector);
    if (!this.green.has(title)) {
      const { code } = await ask(detector, this.copy, this.options);
      if (code === 0) this.green.add(title);
    }
    return this.green.has(title);
  }
}
