const LIMIT_MS = 60_000;
const STEP_MS = 50;

/** Resolves with the first answer that is not undefined or false; a situation that never comes is an error. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const before = Date.now() + LIMIT_MS; Date.now() < before;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => void setTimeout(resolve, STEP_MS));
  }
  throw new Error(`${what}: not within ${LIMIT_MS} ms`);
}
