/** `again` was asked for an operation that cannot be run once more. Nothing was started. */
export class AgainRefused extends Error {
  override readonly name = 'AgainRefused';
}
