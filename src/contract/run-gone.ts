/** Fixed by gRPC's specification. */
const NOT_FOUND = 5;

/**
 * Whether an error of Temporal's client says that the server knows no such run: it never was, its retention has passed, or
 * (of a terminate or a cancel) it has closed. Most calls of the SDK throw a `WorkflowNotFoundError`; `fetchHistory` throws
 * the service's own error as it came. A namespace that is missing has the same status code and says nothing about a run.
 */
export function isRunGone(error: unknown): boolean {
  const { name, code, details } = (error ?? {}) as Partial<Record<'name' | 'code' | 'details', unknown>>;
  if (name === 'WorkflowNotFoundError') return true;
  return code === NOT_FOUND && typeof details === 'string' && !/\bnamespace\b/i.test(details);
}
