/** Below these a developer is not told: a worker says a lot about itself. */
const TOLD = ['WARN', 'ERROR'];

/** A line of a program's log for a person: JSON becomes level and message, what is only informative is dropped. */
export const readableLine = (name: string, line: string): string | undefined => {
  const entry = parsed(line);
  if (entry === undefined) return `${name}: ${line}`;
  const { level, message, workflowId } = entry;
  if (!TOLD.includes(String(level))) return undefined;
  const about = typeof workflowId === 'string' ? ` (${workflowId})` : '';
  return `${name}: ${String(level)} ${String(message)}${about}`;
};

const parsed = (line: string): Readonly<Record<string, unknown>> | undefined => {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return typeof entry['message'] === 'string' && 'level' in entry ? entry : undefined;
  } catch {
    return undefined;
  }
};
