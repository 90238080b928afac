import { startProgram, type Program, type ProgramOptions } from './start-program';

/** The worker processes, one after the other. */
export interface Workers {
  /** The one that was started last. */
  readonly current: () => Program;
  /** Starts another one, which takes over what the one before it left. */
  readonly start: () => Promise<Program>;
}

export async function openWorkers(
  options: Pick<ProgramOptions, 'env' | 'signal' | 'onUnexpectedEnd'>,
  onStarted: (worker: Program) => void,
): Promise<Workers> {
  const start = async (): Promise<Program> => {
    const worker = await startProgram({
      ...options,
      name: 'worker',
      isReady: (line) => line.includes('worker ready'),
    });
    onStarted(worker);
    return worker;
  };
  let current = await start();
  return { current: () => current, start: async () => (current = await start()) };
}
