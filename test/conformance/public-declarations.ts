import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

interface Member {
  readonly name: string;
  readonly doc?: string;
  readonly text: string;
}

/** A declaration that a user of the package can see, and where it is. */
export interface PublicDeclaration {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly doc?: string;
  readonly text: string;
  readonly members: readonly Member[];
}

const { readDeclarations } = require(join(ROOT, 'scripts/read-declarations.js')) as {
  readDeclarations: (text: string) => readonly Omit<PublicDeclaration, 'file'>[];
};

const REEXPORT = /(?:import|export) (?:type )?\{([^}]*)\} from '(\.[^']*)'/g;

interface Module {
  readonly path: string;
  readonly declarations: ReadonlyMap<string, PublicDeclaration>;
  /** By the name here: the file that it comes from, and its name there. */
  readonly imported: ReadonlyMap<string, readonly [file: string, name: string]>;
  readonly exported: readonly string[];
}

/**
 * Every declaration that can be reached from what a .d.ts file exports: those, and the types of the package that their
 * texts name, on and on.
 */
export function publicDeclarations(entry: string): readonly PublicDeclaration[] {
  const modules = new Map<string, Module>();
  const load = (path: string): Module => {
    const known = modules.get(path) ?? readModule(path);
    modules.set(path, known);
    return known;
  };
  const found = new Map<string, PublicDeclaration>();
  const reach = (module: Module, name: string): void => {
    const own = module.declarations.get(name);
    const elsewhere = module.imported.get(name);
    if (own === undefined) {
      if (elsewhere !== undefined) reach(load(elsewhere[0]), elsewhere[1]);
      return;
    }
    const id = `${module.path}#${name}`;
    if (found.has(id)) return;
    found.set(id, own);
    for (const [word] of visibleText(own).matchAll(/\b[A-Za-z_]\w*\b/g))
      if (word !== name) reach(module, word);
  };
  const index = load(entry);
  for (const name of index.exported) reach(index, name);
  return [...found.values()];
}

/** What its user sees of it: of a class and an interface the members that are not private or internal. */
const visibleText = ({ text, members }: PublicDeclaration): string =>
  members.length === 0
    ? text
    : [
        text.slice(0, text.indexOf('{')),
        ...members
          .filter(({ name, doc }) => name !== 'constructor' && !isInternal(doc))
          .map((member) => member.text),
      ].join('\n');

export const isInternal = (doc: string | undefined): boolean => doc?.includes('@internal') ?? false;

function readModule(path: string): Module {
  const text = readFileSync(path, 'utf8');
  const links = [...text.matchAll(REEXPORT)].flatMap(([statement, names = '', from = '']) =>
    names.split(',').flatMap((entry) => {
      const [, name, as] = /^\s*(?:type )?(\w+)(?: as (\w+))?\s*$/.exec(entry) ?? [];
      return name === undefined
        ? []
        : [{ isExport: statement.startsWith('export'), name, as: as ?? name, file: fileOf(path, from) }];
    }),
  );
  return {
    path,
    declarations: new Map(
      readDeclarations(text).map((declaration) => [declaration.name, { ...declaration, file: path }]),
    ),
    imported: new Map(links.map(({ as, file, name }) => [as, [file, name]])),
    exported: links.filter(({ isExport }) => isExport).map(({ as }) => as),
  };
}

function fileOf(importer: string, from: string): string {
  const path = join(dirname(importer), from);
  return existsSync(`${path}.d.ts`) ? `${path}.d.ts` : join(path, 'index.d.ts');
}
