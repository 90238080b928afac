/** Text from elsewhere within Markdown: nothing in it formats, links, breaks a line, or makes one dash of the two of an option. */
export const plainText = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[-\\`*_[\]<>#|~]/g, String.raw`\$&`);
