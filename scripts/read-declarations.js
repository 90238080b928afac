// Declarations of a TypeScript file with their doc comments, by reading its text: as prettier writes sources and tsc writes
// .d.ts. TypeScript 7 has no compiler API. CommonJS, so that a unit test can load it as well.

const COMMENT = /\/\*\*[\s\S]*?\*\//y;
const SKIPPED = /(?:\/\/[^\n]*|\/\*(?!\*)[\s\S]*?\*\/|\s+)/y;
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/y;

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A doc comment as one line of Markdown. */
const plain = (comment) =>
  comment
    .slice(3, -2)
    .replaceAll(/^\s*\*? ?/gm, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();

/** The statements of a text, each with the doc comment before it: ended by `;`, or by a block that a new line follows. */
function statements(text) {
  const found = [];
  let doc;
  let start;
  let depth = 0;
  const end = (at) => {
    found.push({ text: text.slice(start, at).trim(), doc });
    doc = start = undefined;
  };
  for (let at = 0; at < text.length;) {
    const comment = matchAt(COMMENT, text, at);
    const passed = comment ?? matchAt(SKIPPED, text, at);
    if (passed !== undefined) {
      if (comment !== undefined && start === undefined) doc = plain(comment);
      at += passed.length;
      continue;
    }
    start ??= at;
    const string = matchAt(STRING, text, at);
    if (string !== undefined) {
      at += string.length;
      continue;
    }
    const character = text[at++];
    if ('{[('.includes(character)) depth += 1;
    if ('}])'.includes(character)) depth -= 1;
    if (depth > 0) continue;
    if (character === ';' || (character === '}' && /^(?:[ \t]*\n|\s*$)/.test(text.slice(at)))) end(at);
  }
  if (start !== undefined) end(text.length);
  return found;
}

const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(?:(interface|class|type|const|function|enum) )(\w+)/;
const MEMBER = /^(?:(?:readonly|static|async|get|set|public|declare|override) |\*)*([\w$]+|\[|\()/;

const membersOf = (body) =>
  statements(body)
    .filter(({ text }) => !/^(?:private|protected|#)/.test(text))
    .map(({ text, doc }) => ({ name: MEMBER.exec(text)?.[1] ?? text, doc, text }));

/** @returns every declaration: kind, name, doc, text, what it extends, and the members of an interface or class */
exports.readDeclarations = (text) =>
  statements(text).flatMap(({ text: statement, doc }) => {
    const [, kind, name] = DECLARATION.exec(statement) ?? [];
    if (kind === undefined) return [];
    const open = statement.indexOf('{');
    const hasMembers = kind === 'interface' || kind === 'class';
    return [
      {
        kind,
        name,
        doc,
        text: statement,
        extended: hasMembers
          ? [...(/ extends ([^{]*)/.exec(statement)?.[1] ?? '').matchAll(/[A-Z]\w+/g)].map(([base]) => base)
          : [],
        members: hasMembers ? membersOf(statement.slice(open + 1, statement.lastIndexOf('}'))) : [],
      },
    ];
  });
