import { SettingInvalid } from './setting-invalid';

/** What a starter of operations reads from the environment besides Temporal's own variables. */
export interface StarterSettings {
  /** `SNAPFLOW_TASK_QUEUE`. */
  readonly taskQueue?: string;
}

/**
 * Reads the starter's settings. The SDK's env configuration reads and then drops
 * `TEMPORAL_TLS_DISABLE_HOST_VERIFICATION`; somebody who set it would believe it works, so it is refused by name.
 * @throws SettingInvalid
 */
export const starterSettings = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): StarterSettings => {
  const unsafe = environment['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'];
  if (unsafe !== undefined && !['', '0', 'false'].includes(unsafe.toLowerCase())) {
    throw new SettingInvalid(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: unset it, and trust the server with TEMPORAL_TLS_SERVER_CA_CERT_PATH.',
    );
  }
  const taskQueue = environment['SNAPFLOW_TASK_QUEUE'];
  return taskQueue === undefined || taskQueue === '' ? {} : { taskQueue };
};
