import { CheckFailed, createNarrator } from '../../../demo/narrator';

function narrate() {
  const lines: string[] = [];
  return { lines, narrator: createNarrator((line) => lines.push(line)) };
}

describe('a statement', () => {
  it('that holds is printed with its evidence and counted', () => {
    const { lines, narrator } = narrate();
    narrator.check('one effect', true, '1 in the ledger');
    expect(lines).toEqual([expect.stringMatching(/✓.* one effect .*1 in the ledger/)]);
    expect(narrator.checked()).toBe(1);
  });

  it('that does not hold is printed as such, not counted, and ends the story', () => {
    const { lines, narrator } = narrate();
    expect(() => narrator.check('one effect', false, '2 in the ledger')).toThrow(CheckFailed);
    expect(lines).toEqual([expect.stringMatching(/✗.* one effect .*2 in the ledger/)]);
    expect(narrator.checked()).toBe(0);
  });
});
