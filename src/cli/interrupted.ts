/** Somebody pressed Ctrl-C or ended the command. What it started goes on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}
