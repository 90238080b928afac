/** A schema as far as releases concern it. */
export interface Schema extends Record<string, unknown> {
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: string[];
}

interface Described {
  paths: Record<string, Record<string, { description?: string }>>;
  components: { schemas: Record<string, Schema> };
}

/** A release's parts have one digit each, so that texts compare as releases do. */
const isLater = (added: string | undefined, release: string): boolean =>
  added !== undefined && added > release;

const added = (what: 'operation' | 'property' | 'constant', description = ''): string | undefined =>
  new RegExp(`This ${what} was added in __vSphere API ([\\d.]+)__`).exec(description)?.[1];

/** The values that the text of a property lists, without those of later releases; undefined when it lists none. */
function listedValues(description: string | undefined, release: string): string[] | undefined {
  const list = /\nPossible values:\n([^]*?)For more information see/.exec(description ?? '')?.[1];
  return list
    ?.split(/^\s+- /m)
    .filter((entry) => entry.startsWith('`') && !isLater(added('constant', entry), release))
    .map((entry) => entry.slice(1, entry.indexOf('`', 1)));
}

function narrow(schema: Schema, release: string): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const values = listedValues(property.description, release);
    if (values && property['type'] === 'string') property.enum = values;
    if (!isLater(added('property', property.description), release)) continue;
    delete schema.properties?.[name];
    if (schema.required) schema.required = schema.required.filter((required) => required !== name);
  }
}

/**
 * Takes out of the description what it says was added after `release`: operations, properties and values. Values that a
 * property only lists in its text become an `enum`.
 */
export function narrowToRelease({ paths, components }: Described, release: string): void {
  for (const operations of Object.values(paths)) {
    for (const [method, { description }] of Object.entries(operations)) {
      if (isLater(added('operation', description), release)) delete operations[method];
    }
  }
  for (const schema of Object.values(components.schemas)) narrow(schema, release);
}
