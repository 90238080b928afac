import { InvalidArgumentError } from 'commander';
import { parseDuration } from './parse-duration';

/** Value parser of an option that takes a duration; the value becomes milliseconds. */
export const durationOption = (text: string): number => {
  const parsed = parseDuration(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(parsed);
  return parsed;
};
