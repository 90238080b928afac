import { RequestInvalid } from '../request/request-invalid';
import { failWith } from './to-failure';

/** Parses what a caller sent; callers in other languages bypass our client, so everything is parsed here again. */
export function parsedOrRefused<T>(parse: (value: unknown) => T, value: unknown): T {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof RequestInvalid)
      failWith('RequestInvalid', error.message, { problems: error.problems });
    throw error;
  }
}
