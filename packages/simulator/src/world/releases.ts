/** API releases, oldest first; a server knows its own and every earlier one. */
const RELEASES = ['7.0.3.0', '8.0.0.1', '8.0.1.0', '8.0.2.0', '8.0.3.0', '9.0.0.0', '9.1.0.0'];

/** True when a server of release `own` serves `asked`. */
export function knowsRelease(own: string, asked: string): boolean {
  const index = RELEASES.indexOf(asked);
  return index >= 0 && index <= RELEASES.indexOf(own);
}

/** Releases of vCenter and appliance that can be simulated, the default first. */
export const SIMULATED_RELEASES = ['9.1.0.0', '9.0.0.0', '8.0.3.0'] as const;
