/** One line of a scrape. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  readonly samples: readonly Sample[];
  /** By name without the suffixes of histograms. */
  readonly types: ReadonlyMap<string, string>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/i;

/**
 * Reads the Prometheus text format 0.0.4 strictly: a line that is not of it, a name that comes without its TYPE, and a
 * sample that comes twice are errors.
 */
export function parseMetrics(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'HELP') continue;
      if (types.has(name) || !['counter', 'gauge', 'histogram'].includes(rest))
        throw new Error(`bad: ${line}`);
      types.set(name, rest);
      continue;
    }
    const sample = readSample(line);
    const id = JSON.stringify([sample.name, Object.entries(sample.labels).map(String).toSorted()]);
    if (seen.has(id)) throw new Error(`twice: ${line}`);
    seen.add(id);
    if (!types.has(familyOf(sample.name, types))) throw new Error(`without a type: ${line}`);
    samples.push(sample);
  }
  return { samples, types };
}

/** The name under which a sample's TYPE stands. */
export function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  return types.get(base) === 'histogram' ? base : name;
}

function readSample(line: string): Sample {
  const name = NAME.exec(line)?.[0] ?? '';
  const [, inside, value = ''] = /^(?:\{(.*)\})? (\S+)$/.exec(line.slice(name.length)) ?? [];
  if (name === '' || !NUMBER.test(value)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let at = 0; at < (inside ?? '').length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const [, key, text] = LABEL.exec(inside ?? '') ?? [];
    if (key === undefined || text === undefined || key in labels) throw new Error(`bad labels: ${line}`);
    labels[key] = text.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
  }
  return { name, labels, value: Number(value.replace(/Inf/i, 'Infinity')) };
}
