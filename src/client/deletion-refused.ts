/** The machine of an operation was to be deleted that is no clone that succeeded. Nothing was changed. */
export class DeletionRefused extends Error {
  override readonly name = 'DeletionRefused';
}
