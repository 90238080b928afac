/** A control call that cannot be done; answered with its status and a one-sentence message. */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    readonly statusCode: 400 | 404 | 409,
    message: string,
  ) {
    super(message);
  }
}
