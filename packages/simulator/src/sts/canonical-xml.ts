const TOKEN =
  /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[(?<cdata>[^]*?)\]\]>|<\/(?<ends>[^\s<>/]+)\s*>|<(?<begins>[^\s<>/!?]+)(?<attributes>(?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

interface Element {
  readonly name: string;
  /** Namespaces by prefix, as they are in force here, and as an ancestor that was written has said them. */
  readonly inForce: ReadonlyMap<string, string>;
  readonly written: ReadonlyMap<string, string>;
  readonly isLeftOut: boolean;
}

const ROOT: Element = { name: '', inForce: new Map(), written: new Map(), isLeftOut: false };

const escapeCommon = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const escapeText = (text: string) => escapeCommon(text).replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');
const escapeValue = (text: string) =>
  escapeCommon(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');

const lineEnds = (text: string) => text.replaceAll(/\r\n?/g, '\n');
const prefixOf = (name: string) => (name.includes(':') ? name.slice(0, name.indexOf(':')) : '');
const localOf = (name: string) => name.slice(name.indexOf(':') + 1);

function attributesOf(text: string): [name: string, value: string][] {
  return [...text.matchAll(ATTRIBUTE)].map(([, name = '', quoted, single]) => [
    name,
    decodeXml(lineEnds(quoted ?? single ?? '').replaceAll(/[\t\n]/g, ' ')),
  ]);
}

/** The namespace declarations that an element needs: of the prefixes that it uses, where no ancestor has said them. */
function declarations(
  names: readonly string[],
  inForce: Element['inForce'],
  written: Element['written'],
): [prefix: string, uri: string][] {
  const used = [...new Set(names.map(prefixOf))].filter((prefix) => prefix !== 'xml').toSorted();
  return used
    .map((prefix): [string, string] => {
      const uri = inForce.get(prefix);
      if (uri === undefined && prefix !== '') throw new SyntaxError(`The prefix ${prefix} has no namespace.`);
      return [prefix, uri ?? ''];
    })
    .filter(([prefix, uri]) => (written.get(prefix) ?? '') !== uri);
}

interface Begun {
  readonly element: Element;
  readonly tag: string;
}

function begin(parent: Element, name: string, text: string, leaveOut: string | undefined): Begun {
  const all = attributesOf(text);
  const inForce = new Map(parent.inForce);
  for (const [key, value] of all) {
    if (key === 'xmlns') inForce.set('', value);
    else if (prefixOf(key) === 'xmlns') inForce.set(localOf(key), value);
  }
  const attributes = all.filter(([key]) => key !== 'xmlns' && prefixOf(key) !== 'xmlns');
  // An attribute without a prefix is in no namespace, whatever the default one is.
  const prefixed = attributes.map(([key]) => key).filter((key) => key.includes(':'));
  const needed = declarations([name, ...prefixed], inForce, parent.written);
  const order = ([key]: readonly [string, string]) =>
    `${key.includes(':') ? inForce.get(prefixOf(key)) : ''}\u0000${localOf(key)}`;
  const sorted = attributes.toSorted((left, right) => (order(left) < order(right) ? -1 : 1));
  const said = [
    ...needed.map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeValue(uri)}"`),
    ...sorted.map(([key, value]) => ` ${key}="${escapeValue(value)}"`),
  ];
  const isNamed = `${inForce.get(prefixOf(name)) ?? ''} ${localOf(name)}` === leaveOut;
  return {
    tag: `<${name}${said.join('')}>`,
    element: {
      name,
      inForce,
      written: new Map([...parent.written, ...needed]),
      isLeftOut: parent.isLeftOut || isNamed,
    },
  };
}

/**
 * A document as XML signatures read it (exclusive C14N 1.0, without comments): quotes, line ends and blanks within tags,
 * CDATA, comments and the place of a namespace declaration make no difference; prefixes and text do. `leaveOut`: an element
 * of this namespace and name, parted by a blank, is left out. Throws a SyntaxError on what is no XML.
 */
export function canonicalXml(text: string, leaveOut?: string): string {
  const open: Element[] = [ROOT];
  let out = '';
  const write = (piece: string, { isLeftOut }: Element): void => {
    if (!isLeftOut) out += piece;
  };
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const groups = TOKEN.exec(text)?.groups;
    const parent = open.at(-1);
    if (parent === undefined || groups === undefined) throw new SyntaxError('It is no XML.');
    const { cdata, ends, begins, attributes = '', empty, text: plain } = groups;
    if (cdata !== undefined) write(escapeText(lineEnds(cdata)), parent);
    else if (plain !== undefined) write(escapeText(decodeXml(lineEnds(plain))), parent);
    else if (begins !== undefined) {
      const { element, tag } = begin(parent, begins, attributes, leaveOut);
      write(empty === '/' ? `${tag}</${begins}>` : tag, element);
      if (empty !== '/') open.push(element);
    } else if (ends !== undefined) {
      if (parent.name !== ends) throw new SyntaxError(`${ends} ends and has not begun.`);
      write(`</${ends}>`, parent);
      open.pop();
    }
  }
  if (open.length !== 1) throw new SyntaxError('It ends within an element.');
  return out;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function decodeXml(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
