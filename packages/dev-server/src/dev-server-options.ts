export interface DevServerOptions {
  /** The binary to start. Default: what `findTemporalBinary` finds. */
  readonly binary?: string;
  /** gRPC port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the web UI; 0 takes a free one, `'off'`, the default, serves none. */
  readonly uiPort?: number | 'off';
  /** Port on which the server tells its own counters in Prometheus' text format; 0 takes a free one, `'off'`, the default, the server's choice. */
  readonly metricsPort?: number | 'off';
  /** SQLite file that keeps everything across restarts. Default: in memory, forgotten at the end. */
  readonly dbFile?: string;
  /** Default `default`. */
  readonly namespace?: string;
  /** Names to register, each of type Keyword. Default: none. */
  readonly searchAttributes?: readonly string[];
  /** From which level on the server logs; its last lines are in the error when it does not start. Default `error`. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never';
  /** Dynamic configuration: keys to values that are written as JSON. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly ip?: string;
}

export type ResolvedDevServerOptions = Required<Omit<DevServerOptions, 'binary' | 'dbFile'>> &
  Pick<DevServerOptions, 'dbFile'>;

export const resolveDevServerOptions = (options: DevServerOptions): ResolvedDevServerOptions => ({
  port: options.port ?? 0,
  uiPort: options.uiPort ?? 'off',
  metricsPort: options.metricsPort ?? 'off',
  namespace: options.namespace ?? 'default',
  searchAttributes: options.searchAttributes ?? [],
  logLevel: options.logLevel ?? 'error',
  dynamicConfig: options.dynamicConfig ?? {},
  ip: options.ip ?? '127.0.0.1',
  ...(options.dbFile === undefined ? {} : { dbFile: options.dbFile }),
});

/** The command line of `temporal`; the ports in `options` are no longer 0. */
export const devServerArguments = (options: ResolvedDevServerOptions): string[] => [
  'server',
  'start-dev',
  '--ip',
  options.ip,
  '--port',
  String(options.port),
  '--namespace',
  options.namespace,
  '--log-level',
  options.logLevel,
  ...(options.uiPort === 'off' ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
  ...(options.metricsPort === 'off' ? [] : ['--metrics-port', String(options.metricsPort)]),
  ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile]),
  ...options.searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ...Object.entries(options.dynamicConfig).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]),
];
