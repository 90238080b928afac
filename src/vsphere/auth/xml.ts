/** The text is no XML, or XML that no token service sends. The message holds nothing of it. */
export class XmlRefused extends Error {}

export interface XmlElement {
  /** Prefix with its colon, or nothing. */
  readonly prefix: string;
  readonly local: string;
  /** Values as written, by name as written. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Where it begins and where it ends, tags included. */
  readonly start: number;
  readonly end: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly children: readonly XmlElement[];
}

/** An assertion has about 50 elements, and 200 groups of its account about 200 more. */
const MAX_ELEMENTS = 10_000;
const MAX_DEPTH = 64;

const TAG =
  /<(\/?)([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** What is skipped whole, because its content may look like tags. A document type is not among it: no entities here. */
const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

type Open = { -readonly [Key in keyof XmlElement]: XmlElement[Key] } & { children: XmlElement[] };

/** The root element of a document. Positions are those of the text, so that pieces of it can be cut out unchanged. */
export function parseXml(text: string): XmlElement {
  const open: Open[] = [];
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = SKIPPED.find(([begin]) => text.startsWith(begin, at));
    if (skipped) {
      at = endOf(text, at + skipped[0].length, skipped[1]);
      continue;
    }
    const tag = readTag(text, at);
    at = tag.element.innerStart;
    const closed = tag.closes ? close(open, tag.element) : tag.element;
    if (!tag.closes) {
      elements += 1;
      if (elements > MAX_ELEMENTS || open.length >= MAX_DEPTH)
        throw new XmlRefused('it has too many elements');
      if (!tag.empty) {
        open.push(tag.element);
        continue;
      }
    }
    const parent = open.at(-1);
    if (!parent) return closed;
    parent.children.push(closed);
  }
  throw new XmlRefused('it ends in the middle of an element');
}

function endOf(text: string, from: number, mark: string): number {
  const found = text.indexOf(mark, from);
  if (found < 0) throw new XmlRefused('it ends in the middle of a comment or section');
  return found + mark.length;
}

function readTag(text: string, at: number): { element: Open; closes: boolean; empty: boolean } {
  TAG.lastIndex = at;
  const found = TAG.exec(text);
  if (!found) throw new XmlRefused('it has something that is no tag');
  const [whole, slash, prefix = '', local = '', attributes = '', empty] = found;
  const end = at + whole.length;
  const place = { start: at, end, innerStart: end, innerEnd: end };
  const element = { prefix, local, attributes: readAttributes(attributes), ...place, children: [] };
  return { element, closes: slash === '/', empty: empty === '/' };
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', quoted, single] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new XmlRefused('it has an attribute twice');
    attributes.set(name, quoted ?? single ?? '');
  }
  return attributes;
}

function close(open: Open[], tag: XmlElement): XmlElement {
  const element = open.pop();
  if (!element || element.prefix !== tag.prefix || element.local !== tag.local) {
    throw new XmlRefused('it has an end without its beginning');
  }
  element.innerEnd = tag.start;
  element.end = tag.end;
  return element;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The characters that XML 1.0 has. Nothing can express the others. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Text for an element or attribute, such that it is read back character by character. Undefined when XML cannot say it. */
export function escapeXml(text: string): string | undefined {
  if (NO_XML.test(text)) return undefined;
  // Also the blanks other than the space, which a parser would be free to change.
  return text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The text of an element without children. `bytes` is the document with one character for each byte. */
export function textOf(bytes: string, element: XmlElement): string {
  if (element.children.length > 0) throw new XmlRefused(`its ${element.local} holds elements`);
  const raw = bytes.slice(element.innerStart, element.innerEnd);
  const pieces = raw.split(/(<!\[CDATA\[[^]*?\]\]>|<!--[^]*?-->|<\?[^]*?\?>)/);
  return Buffer.from(pieces.map(plain).join(''), 'latin1').toString('utf8').trim();
}

function plain(piece: string): string {
  if (piece.startsWith('<![CDATA[')) return piece.slice(9, -3);
  if (piece.startsWith('<')) return '';
  return piece.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) =>
    name === undefined
      ? character(Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16))
      : (ENTITIES[String(name)] ?? whole),
  );
}

/** As the bytes that stand for it, like the text around it. */
function character(code: number): string {
  return code <= 0x10ffff ? Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1') : '';
}
