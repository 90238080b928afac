/** A decision was given that an operation does not wait for (any more). Nothing was changed by it. */
export class ResolutionRefused extends Error {
  override readonly name = 'ResolutionRefused';
}
