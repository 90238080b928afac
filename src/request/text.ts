import { z } from 'zod';
import { CLEAN_TEXT } from '../contract/clean-text';

/** Text of bounded length without control characters. `what` completes the sentence "give …". */
export const text = (maxCharacters: number, what: string): z.ZodString => {
  const error = `${what} of 1 to ${maxCharacters} characters without control characters`;
  return z.string({ error }).min(1, { error }).max(maxCharacters, { error }).regex(CLEAN_TEXT, { error });
};

/** Name or id of a vSphere object. 255 is more than any of them can have. */
export const reference = (what: string): z.ZodString => text(255, what);
