import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');

export interface ComposeService {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | BindMount)[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly secrets?: readonly string[];
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly restart?: boolean }>>;
  readonly healthcheck?: {
    readonly test?: readonly string[];
    readonly interval?: string;
    readonly timeout?: string;
    readonly retries?: number;
    readonly disable?: boolean;
  };
  readonly deploy?: {
    readonly replicas?: number | string;
    readonly resources?: { readonly limits?: { readonly cpus?: string; readonly memory?: string } };
  };
}

interface BindMount {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly configs?: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

/** The variables of the one `.env`, which both compose files read. */
export const composeVariables = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(join(ROOT, '.env'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name, value] = /^([A-Z_]+)=([^\s"'#]+)$/.exec(line) ?? [];
        if (name === undefined || value === undefined) throw new Error(`.env has the line "${line}"`);
        return [name, value];
      }),
  );

/** A value with its variables put in, as docker compose does: `$$` is a dollar, and every variable must be set. */
function interpolated(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$(?:\$|\{([A-Z_]+)\}|)/g, (found, name: string | undefined) => {
      if (found === '$$') return '$';
      const text = name === undefined ? undefined : variables[name];
      if (text === undefined) throw new Error(`"${value}" uses a variable that .env does not set`);
      return text;
    });
  if (Array.isArray(value)) return value.map((item) => interpolated(item, variables));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, interpolated(item, variables)]),
    );
  return value;
}

/** A compose file of the repository as docker compose reads it: merge keys resolved, variables of `.env` put in. */
export const loadCompose = (file: string): Compose =>
  interpolated(parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true }), composeVariables()) as Compose;
