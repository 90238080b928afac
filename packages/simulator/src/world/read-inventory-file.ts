import { readFileSync } from 'node:fs';
import { OptionError } from '../option-error';
import { checkInventoryLinks } from './check-inventory-links';
import { inventorySchema, type ParsedInventory } from './inventory-schema';

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
export function readInventoryFile(path: string): ParsedInventory {
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
