/** A setting of a connection that cannot be right. `why` completes a sentence that begins with the setting's name. */
export class SettingRefused extends TypeError {
  constructor(
    connection: string,
    readonly field: string,
    readonly why: string,
  ) {
    super(`${connection}.${field} ${why}`);
  }
}
