import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';

const CONNECTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The connections that a configuration file names, not yet checked; problems are added, one sentence each. */
export function connectionsFile(path: string, problems: string[]): readonly (readonly [string, unknown])[] {
  const content = contentOf(path, problems);
  if (content === undefined) return [];
  const { connections, ...others } = isRecord(content.value) ? content.value : {};
  problems.push(
    ...Object.keys(others).map((key) => `${path}: ${key} is no key of the file: only connections is.`),
  );
  if (!isRecord(connections) || Object.keys(connections).length === 0) {
    problems.push(`${path}: connections is missing or empty: give at least one named connection.`);
    return [];
  }
  const bad = Object.keys(connections).filter((name) => !CONNECTION_NAME.test(name));
  problems.push(
    ...bad.map(
      (name) =>
        `${path}: connections.${JSON.stringify(name)} is no name of a connection: give up to 63 letters, digits, ".", "_" and "-".`,
    ),
  );
  return Object.entries(connections);
}

function contentOf(path: string, problems: string[]): { readonly value: unknown } | undefined {
  try {
    return { value: parse(readFileSync(path, 'utf8')) as unknown };
  } catch (error) {
    problems.push(`SNAPFLOW_CONFIG is "${path}", which ${whyOf(error as Error)}.`);
    return undefined;
  }
}

/** The parser's own message quotes the line, and the line may hold a password. */
function whyOf(error: Error): string {
  if (!(error instanceof YAMLParseError))
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? error.name}): correct the path or its permissions`;
  const [at] = error.linePos ?? [];
  return `is no YAML (${error.code}${at === undefined ? '' : ` at line ${at.line}`}): correct it`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
