import type { Format } from './common-options';
import { jsonText } from '../contract/text';
import { VERSION } from './version';

/** First line of `-o jsonl`: a reader checks `format` before it trusts the rest. */
export const jsonlVersion = (): string => jsonLine({ type: 'version', format: 1, snapflow: VERSION });

export const jsonLine = (value: object): string => `${jsonText(value)}\n`;

/** One answer in the format that was asked for: `jsonl` is the version line and one line of the given type. */
export const dataText = (format: Format, type: string, data: object, asTable: () => string): string => {
  switch (format) {
    case 'table':
      return asTable();
    case 'json':
      return `${jsonText(data, 2)}\n`;
    case 'jsonl':
      return jsonlVersion() + jsonLine({ type, ...data });
  }
};

/** Many answers: a JSON list, or one line each. */
export const rowsText = (
  format: Format,
  type: string,
  rows: readonly object[],
  asTable: () => string,
): string => {
  if (format === 'jsonl') return jsonlVersion() + rows.map((row) => jsonLine({ type, ...row })).join('');
  return format === 'json' ? `${jsonText(rows, 2)}\n` : asTable();
};
