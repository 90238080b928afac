import { oneLine } from '../../contract/text';

/** Columns with a head line, each as wide as its widest cell, without trailing blanks. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows].map((cells) => cells.map(oneLine));
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
};

/** Names and values below each other; a value that is undefined is left out. */
export const fields = (entries: readonly (readonly [string, string | undefined])[]): string => {
  const known = entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  const widest = Math.max(...known.map(([name]) => width(name)));
  return known.map(([name, value]) => `${pad(name, widest)}  ${oneLine(value)}\n`).join('');
};

const width = (text = ''): number => Array.from(text).length;

const pad = (text: string, columns = 0): string => text + ' '.repeat(Math.max(0, columns - width(text)));
