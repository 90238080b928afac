import { oneLine } from '../contract/one-line';

/**
 * Text from elsewhere within Markdown: nothing in it formats, links, is an entity, breaks a line, or makes one dash of
 * the two of an option.
 */
export const plainText = (text: string): string =>
  oneLine(text).replaceAll(/[-\\`*_[\]<>&#|~]/g, String.raw`\$&`);
