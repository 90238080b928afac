import { ControlError } from './control-error';

/** An object by id or name; the first one when nothing is asked for. */
export function findNamed<Item extends { id: string; name: string }>(
  items: ReadonlyMap<string, Item>,
  wanted: string | undefined,
  what: string,
): Item {
  const all = [...items.values()];
  const item = wanted === undefined ? all[0] : (items.get(wanted) ?? all.find(({ name }) => name === wanted));
  if (!item) throw new ControlError(404, `There is no ${what} ${wanted ?? 'at all'}.`);
  return item;
}
