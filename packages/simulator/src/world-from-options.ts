import { readFileSync } from 'node:fs';
import { OptionError, type SimulatorOptions } from './simulator-options';
import { SIMULATED_RELEASES, knowsRelease } from './world/releases';
import { checkInventoryLinks, inventorySchema, type ParsedInventory } from './world/inventory-schema';
import { systemClock } from './world/clock';
import { defaultSettings, settingsSchema, type Settings } from './world/settings';
import { createWorld, type World } from './world/world';

function parseJson(path: string): unknown {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new OptionError(`--inventory ${path} cannot be read: give the path of a readable JSON file.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new OptionError(
      `--inventory ${path} is not JSON: start from the "inventory" part of the control call GET /state.`,
    );
  }
}

/** Reads `--inventory`; throws `OptionError` naming the first field that is wrong. */
function readInventoryFile(path: string): ParsedInventory {
  const parsed = inventorySchema.safeParse(parseJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') || 'the top level';
    throw new OptionError(
      `--inventory ${path} has a wrong value at ${where} (${issue?.message}): correct it in the file.`,
    );
  }
  const broken = checkInventoryLinks(parsed.data);
  if (broken)
    throw new OptionError(`--inventory ${path} does not hold together, ${broken}: correct it in the file.`);
  return parsed.data;
}

function readRelease(release: string = SIMULATED_RELEASES[0]): string {
  if (SIMULATED_RELEASES.some((known) => known === release)) return release;
  throw new OptionError(
    `--release ${release} is not simulated: use one of ${SIMULATED_RELEASES.join(', ')}.`,
  );
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A copy, since the control API changes settings in place. */
function readSettings(options: SimulatorOptions): Settings {
  const names = Object.keys(defaultSettings) as (keyof Settings)[];
  const given = Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
  const parsed = settingsSchema.safeParse({ ...defaultSettings, ...given });
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0]);
  const shown = given[name];
  const value = typeof shown === 'object' ? JSON.stringify(shown) : String(shown);
  throw new OptionError(`--${kebab(name)} ${value} cannot be used: ${parsed.error.issues[0]?.message}.`);
}

function readInventory(inventory: SimulatorOptions['inventory']): ParsedInventory | undefined {
  if (inventory === undefined) return undefined;
  if (typeof inventory === 'string') return readInventoryFile(inventory);
  const parsed = inventorySchema.parse(inventory);
  const broken = checkInventoryLinks(parsed);
  if (broken) throw new OptionError(`The inventory does not hold together, ${broken}: correct it.`);
  return parsed;
}

/** STAGED is a type of 9.1. */
function requireKnownSnapshots(release: string, inventory: ParsedInventory | undefined): void {
  const staged = inventory?.snapshots.find(({ type }) => type === 'STAGED');
  if (!staged || knowsRelease(release, '9.1.0.0')) return;
  throw new OptionError(
    `The inventory's snapshot ${staged.id} is STAGED, which --release ${release} does not know: use 9.1.0.0, or leave it out.`,
  );
}

/** The world that the options describe; `OptionError` names the one that cannot be used. */
export function createWorldFromOptions(options: SimulatorOptions): World {
  const release = readRelease(options.release);
  const inventory = readInventory(options.inventory);
  requireKnownSnapshots(release, inventory);
  return createWorld({
    release,
    clock: options.clock ?? systemClock,
    seed: options.seed ?? 1,
    settings: readSettings(options),
    inventory,
    password: options.password,
    limitedPassword: options.limitedPassword,
  });
}
