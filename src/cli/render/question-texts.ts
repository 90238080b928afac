import type { Question } from '../../client';
import { anyText } from './any-text';

/** What a run asks, as text: it comes from a memo, in which a run that is not ours may have put anything. */
export const questionTexts = ({ why, candidates }: Question): Pick<Question, 'why' | 'candidates'> => {
  const listed: unknown = candidates;
  return { why: anyText(why), candidates: Array.isArray(listed) ? listed.map(anyText) : [] };
};
