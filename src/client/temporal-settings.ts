import { loadClientConnectConfig } from '@temporalio/envconfig';
import { SnapflowError } from '../contract/errors';
import { omitUndefined } from '../contract/omit-undefined';

/** A setting from the environment or a flag that cannot be used. Thrown before anything is connected. */
export class SettingInvalid extends SnapflowError {
  override readonly name = 'SettingInvalid';
  override readonly code = 'SNAPFLOW_SETTING_INVALID';
}

type Environment = Readonly<Record<string, string | undefined>>;
type Loaded = ReturnType<typeof loadClientConnectConfig>;

/** Where the Temporal server is and how it is spoken to, for the starter and for the worker. */
export interface TemporalSettings {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  readonly tls?: NonNullable<Loaded['connectionOptions']['tls']>;
  readonly apiKey?: string;
  readonly metadata?: NonNullable<Loaded['connectionOptions']['metadata']>;
}

/** What a command line sets over the environment. */
export interface TemporalOverrides {
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly profile?: string | undefined;
}

/**
 * Temporal's own env configuration, with each way in which it cannot be used said in one sentence.
 * @throws SettingInvalid
 */
export function temporalSettings(
  overrides: TemporalOverrides = {},
  environment: Environment = process.env,
): TemporalSettings {
  refuseUnverified(environment);
  const { connectionOptions, namespace } = load(overrides.profile, environment);
  const { tls, apiKey, metadata } = connectionOptions;
  refuseUnsendable(apiKey, metadata);
  return {
    address: hostAndPort(overrides.address ?? connectionOptions.address ?? 'localhost:7233'),
    namespace: overrides.namespace ?? namespace ?? 'default',
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...omitUndefined({ apiKey, metadata }),
  };
}

/** The SDK reads this variable and then drops it, although a user would expect it to work. */
function refuseUnverified(environment: Environment): void {
  const unsafe = environment['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'] ?? '';
  if (['', '0', 'false'].includes(unsafe.toLowerCase())) return;
  throw new SettingInvalid(
    'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: unset it, and trust the server with TEMPORAL_TLS_SERVER_CA_CERT_PATH.',
  );
}

/** A header carries printable ASCII alone. gRPC would refuse the rest with an error that shows it. */
function refuseUnsendable(apiKey: string | undefined, metadata: TemporalSettings['metadata']): void {
  if (apiKey !== undefined && !SENDABLE.test(apiKey))
    throw new SettingInvalid(
      'TEMPORAL_API_KEY (or api_key of the profile) holds a line break or another character that no header can carry: give the key alone.',
    );
  for (const [name, value] of Object.entries(metadata ?? {}))
    if (typeof value === 'string' && !SENDABLE.test(value))
      throw new SettingInvalid(
        `The gRPC header ${JSON.stringify(name)} (TEMPORAL_GRPC_META_… or grpc_meta of the profile) holds a character that no header can carry: correct its value.`,
      );
}

const SENDABLE = /^[\x20-\x7e]*$/;

/** Headers besides the key that hold a credential: others, as a team's name, are words that a log needs. */
const SECRET_HEADER = /auth|cookie|key|pass|secret|token/i;

/** What is sent with every call and must never be shown. */
export const temporalSecrets = ({
  apiKey,
  metadata,
}: Pick<TemporalSettings, 'apiKey' | 'metadata'>): readonly string[] =>
  [
    apiKey,
    ...Object.entries(metadata ?? {}).map(([name, value]) => (SECRET_HEADER.test(name) ? value : undefined)),
  ].filter((value) => typeof value === 'string');

/** A warning about a key that others on the network can read. Undefined when there is none. */
export function readableKey({ address, tls, ...settings }: TemporalSettings): string | undefined {
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|$)/.test(address);
  if (tls !== false || isLoopback || temporalSecrets(settings).length === 0) return undefined;
  return `TLS to the Temporal server at ${address} is switched off: anybody in between can read the API key`;
}

/** What the SDKs take for an address. They refuse the rest in words of their own, or try it for minutes. */
function hostAndPort(address: string): string {
  if (/^(?:[^\s:/[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(address)) return address;
  throw new SettingInvalid(
    `The Temporal address "${address}" (--address or TEMPORAL_ADDRESS) is not host:port: give it like localhost:7233.`,
  );
}

function load(profile: string | undefined, environment: Environment): Loaded {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    return loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(given),
      ...omitUndefined({ profile }),
    });
  } catch (error) {
    const chosen = profile ?? environment['TEMPORAL_PROFILE'] ?? 'default';
    throw new SettingInvalid(sentenceOf(error as NodeJS.ErrnoException, chosen, environment), {
      cause: error,
    });
  }
}

function sentenceOf(error: NodeJS.ErrnoException, profile: string, environment: Environment): string {
  const file = environment['TEMPORAL_CONFIG_FILE'];
  const called = file === undefined ? "Temporal's configuration file" : `TEMPORAL_CONFIG_FILE "${file}"`;
  const why = error.message.split('\n', 1)[0] ?? '';
  if (error.path !== undefined && error.code !== undefined) {
    return `Temporal's configuration names "${error.path}", which cannot be read (${error.code}): correct the path in the file or in the TEMPORAL_ variable.`;
  }
  if (/toml/i.test(why)) return `${called} cannot be read (${why}): correct it, or unset the variable.`;
  // The SDK looks for the profile before it looks whether the file has any.
  if (error instanceof TypeError || /^Profile .* not found/.test(why)) {
    return `${called} has no profile "${profile}": add it, or choose another with --profile or TEMPORAL_PROFILE.`;
  }
  return `Temporal's own configuration cannot be used (${why}): correct the TEMPORAL_ variables or the profile.`;
}
