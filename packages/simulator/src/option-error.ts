/**
 * A start option that cannot be used. The message is one sentence that names the flag, its value and the remedy;
 * the command ends with exit code 2.
 */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly exitCode = 2;
}
