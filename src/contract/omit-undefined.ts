/** A key whose value may be undefined is one that may be absent. */
type OptionalKeys<Fields> = {
  [Key in keyof Fields]-?: undefined extends Fields[Key] ? Key : never;
}[keyof Fields];

type WithoutUndefined<Fields> = { [Key in Exclude<keyof Fields, OptionalKeys<Fields>>]: Fields[Key] } & {
  [Key in OptionalKeys<Fields>]?: Exclude<Fields[Key], undefined>;
};

/**
 * The fields whose value is not undefined. An absent field and one that is undefined differ where fields are counted,
 * merged or written as JSON, and `exactOptionalPropertyTypes` tells them apart.
 */
export const omitUndefined = <Fields extends object>(fields: Fields): WithoutUndefined<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<Fields>;
