interface Stoppable {
  stop(): Promise<void>;
}

/** Has what starts stopped when the body is over. */
type Stopped = <T extends Stoppable>(starting: Promise<T>) => Promise<T>;

/** Runs a body and stops what it started, the last one first, also when an assertion of it fails. */
export async function stopAfterwards(body: (stopped: Stopped) => Promise<void>): Promise<void> {
  const started: Promise<Stoppable>[] = [];
  const failures: unknown[] = [];
  const attempt = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (failure) {
      failures.push(failure);
    }
  };
  const stopped: Stopped = (starting) => {
    started.push(starting);
    return starting;
  };
  await attempt(body(stopped));
  for (const starting of started.toReversed()) await attempt(starting.then((each) => each.stop()));
  if (failures.length > 0) throw failures[0];
}
