/** A setting from the environment or a flag that cannot be used. Thrown before anything is connected. */
export class SettingInvalid extends Error {
  override readonly name = 'SettingInvalid';
}
