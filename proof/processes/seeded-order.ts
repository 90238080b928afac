import { seeded } from '../seeded';

/** The items in an order that the seed alone decides. */
export function seededOrder<T>(seed: number, items: readonly T[]): readonly T[] {
  const next = seeded(seed);
  return items
    .map((item) => ({ item, place: next() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
