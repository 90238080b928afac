import { parseSync } from '@swc/core';

/**
 * What these calls make at module level holds no state of a run: a name, a list or a text. Add one that does not, and no
 * other.
 */
const STATELESS_CALLS = ['defineSearchAttributeKey', 'defineUpdate', 'filter', 'for', 'keys', 'repeat'];

/** Methods that change what they are called on. */
const CHANGES =
  'add|clear|copyWithin|delete|fill|pop|push|reverse|set|shift|sort|splice|unshift|append|assign|defineProperty';
/** A pattern with `g` or `y` keeps its place between two of these. */
const PLACES = 'exec|test';

/** A node of swc's tree, as much as is read of it. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Source {
  readonly name: string;
  readonly text: string;
}

/**
 * State at module level, in words. Every run of a worker has the same copy of a preloaded module, so one run would see what
 * another one has left there, and a replay would see something else.
 */
export function moduleStateOf(sources: readonly Source[]): readonly string[] {
  const found: string[] = [];
  const constants = new Map<string, boolean>();
  for (const { name, text } of sources)
    for (const statement of statementsOf(text)) {
      const { state, names } = readStatement(statement);
      found.push(...state.map((what) => `${name}: ${what}`));
      for (const [constant, isSticky] of names) constants.set(constant, isSticky);
    }
  for (const { name, text } of sources)
    for (const [constant, isSticky] of constants) {
      const changed = changeOf(constant, isSticky).exec(text)?.[0];
      if (changed !== undefined) found.push(`${name}: changes ${constant} (${changed.trim()})`);
    }
  return found;
}

const statementsOf = (text: string): readonly Node[] =>
  (
    parseSync(text, { syntax: 'typescript', target: 'es2022' }) as unknown as { body: readonly Node[] }
  ).body.map((item) => (item.type === 'ExportDeclaration' ? (item['declaration'] as Node) : item));

function readStatement(statement: Node): {
  readonly state: readonly string[];
  /** Constants, and whether each is a pattern that keeps its place. */
  readonly names: readonly (readonly [string, boolean])[];
} {
  switch (statement.type) {
    case 'VariableDeclaration':
      return readVariables(statement);
    case 'ClassDeclaration':
      return { state: staticState(statement), names: [] };
    case 'ExpressionStatement': {
      const { type } = plain(statement['expression'] as Node);
      return { state: type === 'ObjectExpression' ? [] : [`runs ${type} as it is loaded`], names: [] };
    }
    default:
      // Imports, exports, functions and types.
      return /^(?:Import|Export|Function|Ts(?:Interface|TypeAlias))/.test(statement.type)
        ? { state: [], names: [] }
        : { state: [`has a ${statement.type}`], names: [] };
  }
}

function readVariables({ kind, declarations }: Node) {
  const state: string[] = [];
  const names: (readonly [string, boolean])[] = [];
  for (const { id, init } of declarations as readonly { readonly id: Node; readonly init: Node | null }[]) {
    const name = String(id['value']);
    const value = init === null ? undefined : plain(init);
    names.push([name, value !== undefined && isSticky(value)]);
    const made = value === undefined ? undefined : stateOf(value);
    if (kind !== 'const') state.push(`${String(kind)} ${name}`);
    else if (made !== undefined) state.push(`const ${name} = ${made}`);
  }
  return { state, names };
}

/** What a value holds that can change, undefined where it holds nothing. Objects and lists are held by their names. */
function stateOf(value: Node): string | undefined {
  if (value.type === 'NewExpression') {
    const made = String((value['callee'] as Node)['value']);
    return made === 'RegExp' ? undefined : `new ${made}`;
  }
  if (value.type !== 'CallExpression') return undefined;
  const callee = value['callee'] as Node;
  const called = String(callee['value'] ?? (callee['property'] as Node | undefined)?.['value']);
  return STATELESS_CALLS.includes(called) ? undefined : `${called}()`;
}

const staticState = (declared: Node): readonly string[] =>
  (declared['body'] as readonly Node[])
    .filter((member) => member['isStatic'] === true && member.type === 'ClassProperty' && !member['readonly'])
    .map((member) => `static ${String((member['key'] as Node)['value'])}`);

/** Without the types around it. */
const plain = (value: Node): Node =>
  /^(?:Ts|Parenthesis)/.test(value.type) ? plain(value['expression'] as Node) : value;

function isSticky(value: Node): boolean {
  const [, flags] = (value['arguments'] ?? []) as readonly { readonly expression: Node }[];
  return /[gy]/.test(String(value.type === 'RegExpLiteral' ? value['flags'] : flags?.expression['value']));
}

/** An assignment below it, or a call that changes it. No constant is assigned itself: the compiler says so. */
function changeOf(name: string, isSticky: boolean): RegExp {
  const below = '(?:\\.\\w+|\\[[^\\]]*\\])';
  const assigned = `${below}+\\s*(?:[-+*/|&?]{0,2}=(?![=>])|\\+\\+|--)`;
  const called = `${below}*\\.(?:${isSticky ? `${CHANGES}|${PLACES}` : CHANGES})\\(`;
  return new RegExp(`(?<![\\w.'"\`])${name}(?:${assigned}|${called})`);
}
