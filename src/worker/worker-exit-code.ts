import { ConfigInvalid } from '../config/config-invalid';
import { SettingInvalid } from '../config/setting-invalid';

/** What `runWorker` threw, as an exit code: 2 the configuration cannot be used, 1 anything else. */
export const workerExitCode = (error: unknown): number =>
  error instanceof ConfigInvalid || error instanceof SettingInvalid ? 2 : 1;
