import { jsonText } from './json-text';
/**
 * commander's words about a wrong value as one sentence that names option, value and remedy; anything else stays.
 * The values of options are no secrets: the command line has no option for one.
 */
export const usageSentence = (said: string): string => {
  const wrong = /^error: option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*)\n$/s.exec(said);
  if (wrong === null) return said;
  const [, option = '', value = '', remedy = ''] = wrong;
  const choices = /^Allowed choices are (.*)\.$/.exec(remedy)?.[1];
  const give = choices === undefined ? lowered(remedy) : `give one of ${choices}.`;
  return `${option} is ${jsonText(value.slice(0, 60))}: ${give}\n`;
};

const lowered = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);
