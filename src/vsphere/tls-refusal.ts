/** Why a certificate was not trusted, and what to do about it. */
export interface TlsRefusal {
  readonly why: string;
  readonly remedy: (setting: string) => string;
}

/** Marks the error of a certificate that is not the pinned one. */
export const THUMBPRINT_MISMATCH = 'SNAPFLOW_THUMBPRINT_MISMATCH';

const UNKNOWN_AUTHORITY: TlsRefusal = {
  why: "the server's certificate is signed by an authority that is not trusted here",
  remedy: () => 'give that authority as caFile, or pin the certificate with thumbprint',
};

const REFUSALS: Readonly<Record<string, TlsRefusal>> = {
  CERT_HAS_EXPIRED: {
    why: "the server's certificate has expired",
    remedy: () => "renew it on the server, and check this machine's clock",
  },
  CERT_NOT_YET_VALID: {
    why: "the server's certificate is not valid yet",
    remedy: () => 'set the clocks of this machine and of the server by one time source',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "the server's certificate is for another host",
    remedy: (setting) =>
      `give in ${setting} a host name that the certificate holds, or pin it with thumbprint`,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
};

const MISMATCH_REMEDY = (): string =>
  'if the certificate was replaced on purpose, set thumbprint to the new one, else find out who answers there';

/** By the error's code; undefined for what is not about the certificate. */
export function tlsRefusal(error: Error, code: string): TlsRefusal | undefined {
  if (code === THUMBPRINT_MISMATCH) return { why: error.message, remedy: MISMATCH_REMEDY };
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return known && { ...known, why: `${known.why} (${code})` };
}
