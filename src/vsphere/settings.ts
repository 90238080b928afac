/** How to reach one site: a vCenter and its snapshot appliance, with one account for both. */
export interface VsphereSettings {
  /** Name of the connection, used in messages. */
  name: string;
  /** Origin only, such as `https://vcenter.example`. Plain http is taken for loopback, elsewhere only with `tlsVerify: false`. */
  vcenterUrl: string;
  applianceUrl: string;
  username: string;
  /** A function is asked again at every login, so that a changed password needs no restart. */
  password: string | (() => Promise<string>);
  /** Content of a PEM file with the authorities to trust instead of the system's. */
  ca?: string;
  /**
   * SHA-256 of the server certificate, hexadecimal, with or without colons; one for each host when they differ. It is
   * compared before any byte is sent. Given alone it replaces the check of the certificate chain (a self-signed
   * certificate then needs no `ca`); with `ca` or `tlsVerify: true` both must hold.
   */
  thumbprint?: string | { vcenter: string; appliance: string };
  /** `false` turns the check of certificate chain and host name off. Default: on. */
  tlsVerify?: boolean;
  /** Milliseconds that a call may take in total: login, connecting, headers and body. Default 10,000. */
  callDeadlineMs?: number;
  /** Bytes that a reply's body may have. Default 8 MiB. */
  maxReplyBytes?: number;
  /** Kept-open connections for reads, per host. Changing calls do not count: each opens its own. Default 8. */
  maxConnections?: number;
  /** Reads per second, per host; more wait for their turn. Default 500. */
  maxCallsPerSecond?: number;
}
