/** The element of a list that a test relies on; counted from the end where negative. */
export function nth<Element>(list: readonly Element[], index: number): Element {
  const element = list.at(index);
  if (element === undefined) throw new Error(`The list has ${list.length} elements, none at ${index}.`);
  return element;
}
