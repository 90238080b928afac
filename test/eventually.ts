/** Long enough for a server on a busy machine; a condition that never comes fails the test here, not at jest's limit. */
const LIMIT_MS = 20_000;

/** Reads until the answer is accepted and returns it. Visibility and heartbeats arrive a moment later. */
export const eventually = async <Answer>(
  read: () => Promise<Answer>,
  accepted: (answer: Answer) => boolean,
): Promise<Answer> => {
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await read();
    if (accepted(answer)) return answer;
    if (Date.now() > until) throw new Error(`never came about, last seen: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
