import { oneLine } from './one-line';

/** Markdown of a text in code letters; whatever is in it, it stays one piece of code. */
export const inlineCode = (given: string): string => {
  const text = oneLine(given);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // CommonMark takes one blank off each end, so that a text may begin and end with a fence's letter.
  const pad = longest === 0 ? '' : ' ';
  return `${fence}${pad}${text}${pad}${fence}`;
};
