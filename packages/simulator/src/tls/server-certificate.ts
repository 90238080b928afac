/** PEM texts of what an HTTPS server shows and signs with. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}
