import { markdownCode, escapeMarkdown } from '../../../src/contract/text';

test.each([
  ['a link', '[click](http://evil)', String.raw`\[click\](http://evil)`],
  ['an image', '![x](http://evil/pixel)', String.raw`!\[x\](http://evil/pixel)`],
  ['HTML', '<img src=x onerror=y>', String.raw`\<img src=x onerror=y>`],
  ['an entity', '&lt;b&gt;', String.raw`\&lt;b\&gt;`],
  ['emphasis', '**wait** ~~x~~', String.raw`\*\*wait\*\* \~\~x\~\~`],
  ['underlined words', '_wait_ __x__', String.raw`\_wait\_ \_\_x\_\_`],
  ['a list', '- x', String.raw`\- x`],
  ['a quote', '> x', String.raw`\> x`],
  ['an option', 'snapflow --vm', String.raw`snapflow \-\-vm`],
  ['a usual name', 'web-01_b', 'web-01_b'],
  ['an escape of its own', '\\[x](y)', '\\\\\\[x\\](y)'],
  ['a new line and a heading', 'x\n# y', String.raw`x \# y`],
  ['escapes and turned text', '\u001b[2Jx\u202ey\u2028z', String.raw` \[2Jx y z`],
])('%s that a name or a server brings along stays text', (_what, text, shown) => {
  expect(escapeMarkdown(text)).toBe(shown);
});

test.each([
  ['a`b', '`` a`b ``'],
  ['x\n# y', '`x # y`'],
  ["snapflow wait 'a  b'", "`snapflow wait 'a  b'`"],
  ['\u001b[2J', '` [2J`'],
])('as code, %j cannot end it, break the line, move a cursor or become another word', (text, shown) => {
  expect(markdownCode(text)).toBe(shown);
});
