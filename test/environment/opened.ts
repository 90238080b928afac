/** What was opened, closed newest first, also where a later one could not be opened or an earlier close has failed. */
export class Opened {
  readonly #closing: (() => Promise<unknown>)[] = [];

  /** Has what opens closed at the end. */
  keep<T>(opening: Promise<T>, close: (opened: T) => unknown): Promise<T> {
    this.#closing.push(async () => {
      // One that could not be opened has told its caller.
      const [result] = await Promise.allSettled([opening]);
      if (result.status === 'fulfilled') await close(result.value);
    });
    return opening;
  }

  /** @throws the first failure, when all the others are closed, too; may be called twice */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closing.splice(0).toReversed())
      await close().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

/** Runs a body and closes what it opened, also when an assertion of it fails. */
export async function closingAll<T>(body: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = new Opened();
  let result: T;
  try {
    result = await body(opened);
  } catch (error) {
    // Why the body failed says more than what this left behind.
    await opened.close().catch(() => undefined);
    throw error;
  }
  await opened.close();
  return result;
}

/** Opens what is made of several parts: they are closed again where one of them fails. */
export async function openAll<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = new Opened();
  try {
    return await open(opened);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}
