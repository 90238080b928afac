import { parseArgs } from 'node:util';
import { OptionError } from './option-error';
import type { SimulatorOptions } from './simulator-options';

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
