/** Told the exit code by a command when it has ended. */
export type Finish = (exitCode: number) => void;
