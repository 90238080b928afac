/** One field that cannot be right. */
export interface Problem {
  /** Path of the field, for example `name` or `request.deadlineMs`. */
  readonly field: string;
  /** Its value as it may be shown: shortened, control characters escaped, never the value of an unknown field. */
  readonly value: string;
  /** What would be right. */
  readonly remedy: string;
}

/**
 * A request has fields that cannot be right. Thrown before anything is started or changed; `problems` lists all of
 * them at once. It is a plain error: who meets it inside Temporal turns it into the failure of the same name.
 */
export class RequestInvalid extends Error {
  override readonly name = 'RequestInvalid';

  constructor(
    /** Every field that cannot be right, at most 20. */
    readonly problems: readonly Problem[],
  ) {
    super(problems.map(sentence).join(' '));
  }
}

const sentence = ({ field, value, remedy }: Problem): string =>
  value === '' ? `${field}: ${remedy}.` : `${field} is ${value}: ${remedy}.`;
