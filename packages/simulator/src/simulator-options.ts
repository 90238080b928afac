import { parseArgs } from 'node:util';
import type { Clock } from './world/clock';
import type { InventoryFile } from './world/inventory-schema';
import type { Settings } from './world/settings';

/** How the simulator starts; everything has a default. */
export interface SimulatorOptions extends Partial<Settings> {
  /** 0 (the default) takes a free port. */
  readonly vcenterPort?: number;
  readonly appliancePort?: number;
  readonly controlPort?: number;
  /** HTTPS with a certificate of a fresh authority. */
  readonly tls?: boolean;
  /** HTTPS with a certificate of one's own; both or neither. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Path of a JSON file, or the inventory itself. */
  readonly inventory?: string | InventoryFile;
  /** From which ids and random choices of fault rules follow; 1 by default. */
  readonly seed?: number;
  /** 9.1.0.0 by default, or 9.0.0.0, or 8.0.3.0, whose appliance has no sessions. */
  readonly release?: string;
  /** Fresh random ones by default. */
  readonly password?: string;
  readonly limitedPassword?: string;
  /** The system's clock by default. */
  readonly clock?: Clock;
}

/** Highest TCP port. */
const MAX_PORT = 65_535;

const NUMBERS = {
  'vcenter-port': ['vcenterPort', 0, MAX_PORT],
  'appliance-port': ['appliancePort', 0, MAX_PORT],
  'control-port': ['controlPort', 0, MAX_PORT],
  seed: ['seed', 0, Number.MAX_SAFE_INTEGER],
  'clone-ms': ['cloneMs', 0, Number.MAX_SAFE_INTEGER],
  'revert-ms': ['revertMs', 0, Number.MAX_SAFE_INTEGER],
  'restore-ms': ['restoreMs', 0, Number.MAX_SAFE_INTEGER],
  'max-clones': ['maxClones', 0, Number.MAX_SAFE_INTEGER],
  'max-reverts': ['maxReverts', 0, Number.MAX_SAFE_INTEGER],
  'session-idle-ms': ['sessionIdleMs', 0, Number.MAX_SAFE_INTEGER],
} as const satisfies Record<string, readonly [keyof SimulatorOptions, number, number]>;

const TEXTS = {
  inventory: 'inventory',
  release: 'release',
  'tls-cert': 'tlsCert',
  'tls-key': 'tlsKey',
} as const satisfies Record<string, keyof SimulatorOptions>;

function flags() {
  const texts = [...Object.keys(NUMBERS), ...Object.keys(TEXTS)].map(
    (name) => [name, { type: 'string' as const }] as const,
  );
  return { ...Object.fromEntries(texts), tls: { type: 'boolean' as const } };
}

function readFlags(args: readonly string[]): Record<string, unknown> {
  try {
    return parseArgs({ args: [...args], options: flags(), strict: true }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.\s|\n/);
    throw new OptionError(`The simulator cannot start: ${reason}; see its README for the flags.`);
  }
}

function readNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new OptionError(`--${flag} ${text} is not a whole number from ${min} to ${max}: give one.`);
}

/** Reads the flags of the command line; throws `OptionError` naming the one that is wrong. */
export function parseSimulatorOptions(args: readonly string[]): SimulatorOptions {
  const values = readFlags(args);
  const options: Record<string, unknown> = {};
  if (values['tls'] === true) options['tls'] = true;
  for (const [flag, [name, min, max]] of Object.entries(NUMBERS)) {
    const text = values[flag];
    if (typeof text === 'string') options[name] = readNumber(flag, text, min, max);
  }
  for (const [flag, name] of Object.entries(TEXTS)) {
    if (values[flag] !== undefined) options[name] = values[flag];
  }
  return options;
}

/**
 * A start option that cannot be used. The message is one sentence that names the flag, its value and the remedy;
 * the command ends with exit code 2.
 */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly exitCode = 2;
}
