import { InvalidArgumentError } from 'commander';
import { LISTED_STATES, type ListedState } from '../contract/progress';
import { nearest } from '../request/parse';

/** Value parser of `--state`: known states and conditions, separated by commas. */
export const statesOption = (text: string): ListedState[] => {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !isListedState(word));
  if (unknown === undefined) return words.filter(isListedState);
  const guess = nearest(unknown, LISTED_STATES);
  const help = guess === undefined ? `Known are ${LISTED_STATES.join(', ')}.` : `Did you mean ${guess}?`;
  throw new InvalidArgumentError(`There is no state "${unknown}". ${help}`);
};

const isListedState = (word: string): word is ListedState => LISTED_STATES.some((state) => state === word);
