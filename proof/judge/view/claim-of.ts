/** What a caller was told last, in `-o json` or `-o jsonl`. */
export interface Claim {
  readonly runId: string;
  readonly state: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly failure?: { readonly type?: string };
}

/** Undefined where the output is a table, or the caller wrote nothing about an operation. */
export function claimOf(stdout: string): Claim | undefined {
  const whole = claimIn(stdout);
  return (
    whole ??
    stdout
      .split('\n')
      .map(claimIn)
      .findLast((claim) => claim !== undefined)
  );
}

function claimIn(text: string): Claim | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value = JSON.parse(text) as Partial<Record<string, unknown>>;
    return typeof value['runId'] === 'string' && typeof value['state'] === 'string'
      ? (value as unknown as Claim)
      : undefined;
  } catch {
    return undefined; // a line of a longer text
  }
}
