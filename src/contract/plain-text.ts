import { oneLine } from './one-line';

/**
 * What Markdown takes for its own: within a word one dash and an underscore are a name's, two dashes become one, and a
 * `>` means something at the start of a line only.
 */
const MARKDOWN = /[\\`*[\]<&#|~]|(?<=-)-|-(?=-)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^[->]/gu;

/**
 * Text from elsewhere within Markdown: nothing in it formats, links, loads an image, is an entity, breaks a line, or
 * makes one dash of the two of an option. A usual name stays as it is.
 */
export const plainText = (text: string): string => oneLine(text).replaceAll(MARKDOWN, String.raw`\$&`);
