/** What a starter of operations reads from the environment besides Temporal's own variables. */
export interface StarterSettings {
  /** `SNAPFLOW_TASK_QUEUE`. */
  readonly taskQueue?: string;
}

/** Reads the starter's settings. */
export const starterSettings = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StarterSettings => {
  const taskQueue = environment['SNAPFLOW_TASK_QUEUE'];
  return taskQueue === undefined || taskQueue === '' ? {} : { taskQueue };
};
