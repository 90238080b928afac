/** Releases of vCenter and appliance that can be simulated, the default first. */
export const SIMULATED_RELEASES = ['9.1.0.0', '9.0.0.0', '8.0.3.0'] as const;
