import * as library from '../../../src/client';
import { ERRORS, isSnapflowError, SnapflowError } from '../../../src/client';
import { expectGolden } from '../../golden/expect-golden';

type ErrorClass = new (...args: never[]) => SnapflowError;

const isErrorClass = (value: unknown): value is ErrorClass =>
  typeof value === 'function' && value !== SnapflowError && value.prototype instanceof SnapflowError;

const CLASSES = Object.values<unknown>(library).filter(isErrorClass);

/** Its constructor's arguments are of no matter here: any object takes the place of each. */
const anyOf = (errorClass: ErrorClass): SnapflowError =>
  Reflect.construct(errorClass, [[], [], [], []]) as SnapflowError;

test('every error class that the library exports has a code of its own, and each code has its class', () => {
  const found = CLASSES.map((errorClass) => {
    const { code, name } = anyOf(errorClass);
    return [code, { name, exported: errorClass.name }];
  });
  const expected = Object.entries(ERRORS).map(([code, { name }]) => [code, { name, exported: name }]);
  expect(found.length).toBe(expected.length);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
});

test('the codes stay what they were: callers match on them (golden)', () => {
  const lines = Object.entries(ERRORS).map(([code, { name }]) => `${code} ${name}`);
  expectGolden('error-codes', `${lines.toSorted().join('\n')}\n`);
});

test('an error of another copy of the package is known, which instanceof does not know', () => {
  let copy: typeof library | undefined;
  jest.isolateModules(() => {
    copy = require('../../../src/client') as typeof library;
  });
  const foreign = new copy!.AgainRefused('no');
  expect(foreign).not.toBeInstanceOf(SnapflowError);
  expect(isSnapflowError(foreign)).toBe(true);
  expect(isSnapflowError(foreign) && foreign.code).toBe('SNAPFLOW_AGAIN_REFUSED');
});

test.each([new Error('SNAPFLOW_AGAIN_REFUSED'), { code: 'ECONNREFUSED' }, 'text', null, undefined])(
  '%p is no error of the library',
  (value) => {
    expect(isSnapflowError(value)).toBe(false);
  },
);

test('its mark is no field: an error is written and compared as before', () => {
  expect(Object.keys(new library.AgainRefused('no'))).toEqual(['name', 'code']);
});
