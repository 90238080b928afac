/** A message is one sentence on one line, and says each of these. */
export function expectSentence(message: string, ...parts: readonly string[]): void {
  expect(message).toMatch(/^[^\n]+\.$/);
  for (const part of parts) expect(message).toContain(part);
}
