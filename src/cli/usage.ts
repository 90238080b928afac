import { jsonText } from '../contract/text';
import { nearest } from '../request/parse';
import { FORMATS, printableLines, type Format } from './output';

/**
 * commander's words about a wrong value as one sentence that names option, value and remedy; anything else stays.
 * The values of options are no secrets: the command line has no option for one. Whatever is in them, it steers no terminal.
 */
export const usageSentence = (said: string): string => printableLines(reworded(said));

function reworded(said: string): string {
  for (const [pattern, words] of OTHERS) {
    const [, subject, ...rest] = pattern.exec(said) ?? [];
    if (subject !== undefined) return `${words(subject, rest)}\n`;
  }
  const [, option, value, remedy] = WRONG_OPTION.exec(said) ?? [];
  if (option !== undefined) return sentence(option, value ?? '', remedy ?? '');
  const [, wrong, argument, allowed] = WRONG_ARGUMENT.exec(said) ?? [];
  return argument === undefined ? said : sentence(`<${argument}>`, wrong ?? '', allowed ?? '');
}

const GUESS = String.raw`'\n(?:\(Did you mean ([^?]+)\?\)\n)?$`;

/** What commander says besides, each as `subject: remedy`. */
const OTHERS: readonly (readonly [
  RegExp,
  (subject: string, rest: readonly (string | undefined)[]) => string,
])[] = [
  [new RegExp(`^error: unknown option '(.*)${GUESS}`, 's'), (word, [guess]) => noSuch(word, 'option', guess)],
  [
    new RegExp(`^error: unknown command '(.*)${GUESS}`, 's'),
    (word, [guess]) => noSuch(word, 'command', guess),
  ],
  [/^error: missing required argument '(.*)'\n$/s, (argument) => `<${argument}>: missing.`],
  [/^error: required option '(--[\w-]+).*' not specified\n$/s, (option) => `${option}: missing.`],
  [/^error: option '(?:-\w, )?(--[\w-]+).*' argument missing\n$/s, (option) => `${option}: give a value.`],
  [
    /^error: too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)/s,
    (command, [wanted, given]) =>
      `${command}: ${given} words are given, but it takes ${wanted}: quote one that has blanks.`,
  ],
];

const noSuch = (word: string, kind: string, guess: string | undefined): string =>
  guess === undefined ? `${word} is no ${kind}.` : `${word} is no ${kind}: did you mean ${guess}?`;

const WRONG_OPTION = /^error: option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*)\n$/s;
const WRONG_ARGUMENT = /^error: command-argument value '(.*)' is invalid for argument '([\w-]+)'\. (.*)\n$/s;

function sentence(what: string, value: string, remedy: string): string {
  const choices = /^Allowed choices are (.*)\.$/.exec(remedy)?.[1]?.split(', ');
  const give = choices === undefined ? lowered(remedy) : oneOf(value, choices);
  return `${what} is ${jsonText(value.slice(0, 60))}: ${give}\n`;
}

function oneOf(value: string, choices: readonly string[]): string {
  const guess = nearest(value, choices);
  const all = `give one of ${choices.join(', ')}`;
  return guess === undefined ? `${all}.` : `${all}; did you mean ${guess}?`;
}

const lowered = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

/** The format that words ask for which are no command line: who reads the output as data reads the error so, too. */
export function formatIn(words: readonly string[]): Format {
  const named = /^(?:--output=|-o)(.+)$/;
  const given = words.flatMap((word, at) => {
    if (word === '--json') return ['json'];
    const value = named.exec(word)?.[1] ?? (['-o', '--output'].includes(words[at - 1] ?? '') ? word : '');
    return [value];
  });
  return FORMATS.find((format) => format === given.findLast((word) => isFormat(word))) ?? 'table';
}

const isFormat = (word: string): boolean => FORMATS.some((format) => format === word);
