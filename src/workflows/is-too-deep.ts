/** Inputs of the contract have four levels; what is much deeper could not be handed to an activity, again and again. */
export const DEEPEST = 8;

export const isTooDeep = (value: unknown, levels = DEEPEST): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => isTooDeep(each, levels - 1)));
