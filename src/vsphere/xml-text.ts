import { XmlRefused, type XmlElement } from './xml-tree';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The characters that XML 1.0 has; nothing can express the others. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Text for an element or attribute, such that it is read back character by character; undefined when XML cannot say it. */
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
