/** Thrown by a VI/JSON operation: HTTP 500 with the fault itself as body, under its bare type name. */
export class VimFault extends Error {
  override readonly name = 'VimFault';
  readonly body: Readonly<Record<string, unknown>>;

  constructor(typeName: string, details: Record<string, unknown> = {}) {
    super(typeName);
    this.body = { _typeName: typeName, ...details };
  }
}
