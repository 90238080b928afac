import { oneLine } from '../contract/text';

/** A text of several lines for a person: every line is harmless where it is shown, and none is joined with another. */
export const shownLines = (text: string): string => text.split('\n').map(oneLine).join('\n');
