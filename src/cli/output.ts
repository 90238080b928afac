import { jsonText, singleLine } from '../contract/text';

/** The version of this package. The file lies two folders up, in the sources as in the build. */
export const { version: VERSION } = require('../../package.json') as { version: string };

export const FORMATS = ['table', 'json', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

/** First line of `-o jsonl`: a reader checks `format` before it trusts the rest. */
export const jsonlVersion = (): string => jsonLine({ type: 'version', format: 1, snapflow: VERSION });

export const jsonLine = (value: object): string => `${jsonText(value)}\n`;

/** One answer in the format that was asked for: `jsonl` is the version line and one line of the given type. */
export function dataText(format: Format, type: string, data: object, asTable: () => string): string {
  switch (format) {
    case 'table':
      return asTable();
    case 'json':
      return `${jsonText(data, 2)}\n`;
    case 'jsonl':
      return jsonlVersion() + jsonLine({ type, ...data });
  }
}

/** Many answers: a JSON list, or one line each. */
export function rowsText(
  format: Format,
  type: string,
  rows: readonly object[],
  asTable: () => string,
): string {
  if (format === 'jsonl') return jsonlVersion() + rows.map((row) => jsonLine({ type, ...row })).join('');
  return format === 'json' ? `${jsonText(rows, 2)}\n` : asTable();
}

/** Why a command failed, as data on stdout. The JSON schema `cli-error` describes it. */
export interface CliError {
  /** Failure type of an operation, or the class of the error: what to match on. */
  readonly type: string;
  /** What is printed on stderr. */
  readonly message: string;
  /** Exit code of the command. */
  readonly exitCode: number;
  /** Stable code of an error of the library. */
  readonly code?: string;
  /** Facts of the failure, by its type. `problems` of a request that cannot be right. */
  readonly details?: object;
}

/**
 * An error in the format of the data. A table has none of it, and JSON holds one document.
 * @param hasData whether the command wrote data before
 */
export function errorText(format: Format, error: CliError, hasData: boolean): string {
  if (format === 'jsonl') return (hasData ? '' : jsonlVersion()) + jsonLine({ type: 'error', error });
  return format === 'json' && !hasData ? `${jsonText({ error }, 2)}\n` : '';
}

/** Columns with a head line, each as wide as its widest cell, without trailing blanks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => cells.map(singleLine));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => width(cells[column]))));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, column) => pad(cell, widths[column]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Names and values below each other; a value that is undefined is left out. */
export function fields(entries: readonly (readonly [string, string | undefined])[]): string {
  const known = entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  const widest = Math.max(...known.map(([name]) => width(name)));
  return known.map(([name, value]) => `${pad(name, widest)}  ${singleLine(value)}\n`).join('');
}

const width = (text = ''): number => Array.from(text).length;

const pad = (text: string, columns = 0): string => text + ' '.repeat(Math.max(0, columns - width(text)));

/** What `--quiet` prints, one id a line. An id stays one harmless line whatever is in it; `-o json` has it exactly. */
export const bareIds = (ids: readonly string[]): string => ids.map((id) => `${singleLine(id)}\n`).join('');

/** A text of several lines for a person: every line is harmless where it is shown, and none is joined with another. */
export const printableLines = (text: string): string => text.split('\n').map(singleLine).join('\n');

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** A span of time in its two largest units: `3m 12s`, `2d 4h`; below a second `0s`. */
export function formatSpan(spanMs: number): string {
  const first = UNITS.findIndex(([, unitMs]) => spanMs >= unitMs);
  if (first === -1) return '0s';
  let restMs = spanMs;
  const parts = UNITS.slice(first, first + 2).map(([unit, unitMs]) => {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}
