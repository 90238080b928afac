type Environment = Readonly<Record<string, string | undefined>>;

/** Plain variables for a single connection, and the key of the file that each stands for. */
export const CONNECTION_VARIABLES = {
  VSPHERE_VCENTER_URL: 'vcenterUrl',
  VSPHERE_APPLIANCE_URL: 'applianceUrl',
  VSPHERE_USERNAME: 'username',
  VSPHERE_PASSWORD: 'password',
  VSPHERE_PASSWORD_FILE: 'passwordFile',
  VSPHERE_CA_FILE: 'caFile',
  VSPHERE_THUMBPRINT: 'thumbprint',
  VSPHERE_TLS_VERIFY: 'tlsVerify',
} as const;

/** The connection that plain variables describe, not yet checked. */
export function connectionFromEnv(environment: Environment): Record<string, unknown> {
  const entries = Object.entries(CONNECTION_VARIABLES).map(
    ([variable, key]) => [key, environment[variable]] as const,
  );
  const given = entries.filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given.map(([key, value]) => [key, key === 'tlsVerify' ? truth(value) : value]));
}

/** Anything but the two words stays a text, which the schema then refuses. */
const truth = (value: string | undefined): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;
