import { markdown } from '../../../src/workflows/markdown';

test.each([
  ['a link', '[click](http://evil)', String.raw`\[click\](http://evil)`],
  ['an image', '![x](http://evil/pixel)', String.raw`!\[x\](http://evil/pixel)`],
  ['HTML', '<img src=x onerror=y>', String.raw`\<img src=x onerror=y\>`],
  ['an entity', '&lt;b&gt;', String.raw`\&lt;b\&gt;`],
  ['emphasis', '**wait** ~~x~~', String.raw`\*\*wait\*\* \~\~x\~\~`],
  ['code', '`snapflow resolve`', '\\`snapflow resolve\\`'],
  ['an escape of its own', '\\[x](y)', '\\\\\\[x\\](y)'],
  ['a new line and a heading', 'x\n# y', 'x # y'],
  ['escapes and turned text', '\u001b[2Jx\u202ey\u2028z', String.raw` \[2Jx y z`],
])('%s that a name or a server brings along stays text', (_what, text, shown) => {
  expect(markdown`said ${text}.`).toBe(`said ${shown}.`);
});

test('between backticks it is code, and cannot end it', () => {
  expect(markdown`task \`${'a`[x](y)`b'}\` has ended`).toBe("task `a'[x](y)'b` has ended");
});

test('usual names and sentences stay as they are written', () => {
  const message = 'tasks.get of task-1 failed on appliance https://a.example (connection lab_1): try again.';
  expect(markdown`checking ${'web-01'} @ ${'nightly_0412'} -> ${'ci-42'}: ${message}`).toBe(
    `checking web-01 @ nightly_0412 -> ci-42: ${message}`,
  );
});
