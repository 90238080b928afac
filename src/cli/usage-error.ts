/** The options do not fit together. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
