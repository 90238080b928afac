import { parseArgs } from 'node:util';
import { MUTANTS } from './catalogue';
import type { Mutant } from './mutant';

export const USAGE = `Usage: npm run mutants -- [options]

  --list            prints the names of the mutants
  --only NAME       tries the mutants whose name holds this text; may be repeated
  --random          tries one mutant, chosen by --seed
  --seed N          default 1; also the seed of the tiers
  --all             asks every detector, also after one has caught a mutant
  --detector NAME   only these: tier 0, tier 1, tests, tier 2; may be repeated
  --report FILE     writes the results as JSON, those of other mutants in the file kept

Exit codes: 0 every mutant was caught, 1 one survived, 2 usage, or a detector that fails without a mutant.`;

export interface MutantOptions {
  readonly list: boolean;
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  readonly askAll: boolean;
  /** Empty: all. */
  readonly detectors: readonly string[];
  readonly report: string | undefined;
}

/** Throws one sentence that names the argument. */
export function parseOptions(argv: readonly string[]): MutantOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      list: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      random: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      all: { type: 'boolean', default: false },
      detector: { type: 'string', multiple: true, default: [] },
      report: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0)
    throw new Error(`--seed ${values.seed} is no whole number: give one.`);
  const { list, only, random, all: askAll, detector: detectors, report } = values;
  return { list, mutants: chosen(only, random ? seed : undefined), seed, askAll, detectors, report };
}

function chosen(only: readonly string[], randomSeed: number | undefined): readonly Mutant[] {
  const wanted = MUTANTS.filter(({ name }) => only.length === 0 || only.some((text) => name.includes(text)));
  if (wanted.length === 0)
    throw new Error(`--only ${only.join(', ')} names no mutant: --list prints their names.`);
  if (randomSeed === undefined) return wanted;
  // Neighbouring seeds must not choose neighbours only: a multiplicative hash spreads them.
  const index = Math.floor((((randomSeed * 2_654_435_761) % 2 ** 32) / 2 ** 32) * wanted.length);
  return wanted.slice(index, index + 1);
}
