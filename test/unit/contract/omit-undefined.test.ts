import { omitUndefined } from '../../../src/contract/omit-undefined';

interface Optional {
  readonly id: string;
  readonly note?: string;
}

const optional = (id: string, note: string | undefined): Optional => omitUndefined({ id, note });

test('a field that is undefined is left out, every other value stays', () => {
  expect(Object.keys(optional('a', undefined))).toEqual(['id']);
  expect(omitUndefined({ none: null, zero: 0, no: false, text: '', nothing: undefined })).toStrictEqual({
    none: null,
    zero: 0,
    no: false,
    text: '',
  });
});

test('the order of the fields stays: what is written as JSON does not change', () => {
  expect(JSON.stringify(omitUndefined({ b: 1, a: undefined, c: 2 }))).toBe('{"b":1,"c":2}');
});
