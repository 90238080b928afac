/** Clones start here, above every id of the default inventory. */
const FIRST_NEW_VM = 2001;

/** Identifiers that look like the real ones and are the same for the same seed. */
export class Ids {
  private readonly random;
  private nextVm = FIRST_NEW_VM;
  private nextCall = 1;
  private nextHold = 1;
  private nextRule = 1;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.random() * 16).toString(16)).join('');
    const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
    return [...parts, hex.slice(20)].join('-');
  }

  /** Task ids of the service hold a colon, which a client must percent-encode in a path. */
  task(): string {
    return `${this.uuid()}:com.vmware.snapservice`;
  }

  vm(isTaken: (id: string) => boolean): string {
    while (isTaken(`vm-${this.nextVm}`)) this.nextVm++;
    return `vm-${this.nextVm++}`;
  }

  call(): string {
    return `call-${this.nextCall++}`;
  }

  hold(): string {
    return `hold-${this.nextHold++}`;
  }

  rule(): string {
    return `fault-${this.nextRule++}`;
  }
}

/** Numbers in [0, 1), the same ones for the same seed (mulberry32). */
export type SeededRandom = () => number;

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
