import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, type ModuleItem } from '@swc/core';

/** Where a value is declared: from `export` or `const` on, to the end of the statement. */
export interface Declaration {
  readonly name: string;
  readonly isExported: boolean;
  /** Below the root. */
  readonly file: string;
  /** In bytes. */
  readonly from: number;
  readonly to: number;
}

/** The functions, classes and constants at the top level of the product's sources, found by name wherever they stand. */
export class Declarations {
  #all: readonly Declaration[] | undefined;

  constructor(private readonly root: string) {}

  /**
   * The one of this name. An exported one is meant before those that only their file sees.
   * @throws Error with one sentence, where none or several have the name
   */
  find(name: string): Declaration {
    this.#all ??= sourcesBelow(this.root).flatMap((file) => declarationsOf(this.root, file));
    const named = this.#all.filter((each) => each.name === name);
    const exported = named.filter(({ isExported }) => isExported);
    const [found, ...others] = exported.length > 0 ? exported : named;
    if (found === undefined)
      throw new Error(`No source declares "${name}" at its top level: name the declaration of today.`);
    if (others.length > 0) {
      const files = [found, ...others].map(({ file }) => file);
      throw new Error(`"${name}" is declared ${files.length} times, in ${files.join(', ')}: rename one.`);
    }
    return found;
  }
}

const sourcesBelow = (root: string): readonly string[] =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .toSorted();

/** The positions of the parser begin at one. */
const FIRST_POSITION = 1;

function declarationsOf(root: string, file: string): readonly Declaration[] {
  const source = readFileSync(join(root, file), 'utf8');
  const { body } = parseSync(source, { syntax: 'typescript', target: 'es2022' });
  return body.flatMap((item) =>
    namesOf(item).map((name) => ({
      name,
      isExported: item.type === 'ExportDeclaration',
      file,
      from: item.span.start - FIRST_POSITION,
      to: item.span.end - FIRST_POSITION,
    })),
  );
}

/** What a statement declares; a type has nothing that could be taken out. */
function namesOf(item: ModuleItem): readonly string[] {
  const declaration = item.type === 'ExportDeclaration' ? item.declaration : item;
  const { type } = declaration;
  if (type === 'ClassDeclaration') return [declaration.identifier.value];
  // Without a body it is an overload of the one that follows.
  if (type === 'FunctionDeclaration') return declaration.body ? [declaration.identifier.value] : [];
  if (type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.value] : []));
}
