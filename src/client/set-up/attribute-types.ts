/** Temporal's `IndexedValueType` by its number, which its API fixes. */
const TYPE_NAMES = [
  'Unspecified',
  'Text',
  'Keyword',
  'Int',
  'Double',
  'Bool',
  'Datetime',
  'KeywordList',
] as const;

export const KEYWORD = TYPE_NAMES.indexOf('Keyword');

export const typeName = (type: number): string => TYPE_NAMES[type] ?? `type ${type}`;
