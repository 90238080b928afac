import { parseArgs } from 'node:util';
import { MUTANTS } from './catalogue';
import { isCheap } from './detector';
import type { Mutant } from './mutant';

const REPORT = 'docs/mutants.json';

export const USAGE = `Usage: npm run mutants -- [options]

  --list            prints the names of the mutants
  --only NAME       tries the mutants whose name holds this text; may be repeated
  --random          tries one mutant, chosen by --seed, again
  --cheap           only those that a scope of the model or a unit test catches first: seconds, no server
  --again           tries those again, too, that the report says were caught with the same patch
  --seed N          default 1; also the seed of the tiers
  --all             asks every detector, also after one has caught a mutant
  --processes       asks tier 2 for what survives its detectors; needs a build
  --report FILE     default docs/mutants.json: written after each mutant, those of others in the file kept

Exit codes: 0 every mutant was caught, 1 one survived, 2 usage, or a detector that fails without a mutant.`;

export interface MutantOptions {
  readonly list: boolean;
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  readonly askAll: boolean;
  /** Tries those again, too, that the report knows as caught. */
  readonly again: boolean;
  readonly processes: boolean;
  /** Undefined: one at random leaves no trace. */
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
      cheap: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      processes: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0)
    throw new Error(`--seed ${values.seed} is no whole number: give one.`);
  const { list, only, random, all: askAll, again, processes, cheap, report } = values;
  const mutants = chosen(only, cheap, random ? seed : undefined);
  return {
    list,
    mutants,
    seed,
    askAll,
    processes,
    again: again || random,
    report: report ?? (random ? undefined : REPORT),
  };
}

function chosen(
  only: readonly string[],
  isCheapOnly: boolean,
  randomSeed: number | undefined,
): readonly Mutant[] {
  const named = MUTANTS.filter(({ name }) => only.length === 0 || only.some((text) => name.includes(text)));
  const wanted = isCheapOnly ? named.flatMap(cheapPart) : named;
  if (wanted.length === 0)
    throw new Error(`--only ${only.join(', ')} names no mutant: --list prints their names.`);
  if (randomSeed === undefined) return wanted;
  // Neighbouring seeds must not choose neighbours only: a multiplicative hash spreads them.
  const index = Math.floor((((randomSeed * 2_654_435_761) % 2 ** 32) / 2 ** 32) * wanted.length);
  return wanted.slice(index, index + 1);
}

/** The mutant with its cheap detectors; none where another one has to be asked first. */
function cheapPart(mutant: Mutant): readonly Mutant[] {
  const [first] = mutant.detectors;
  if (first === undefined || !isCheap(first)) return [];
  return [{ ...mutant, detectors: mutant.detectors.filter(isCheap) }];
}
