import { redact } from './redaction';
import type { VsphereEffect, VsphereErrorKind, VsphereHost } from './vsphere-error';

const REMEDY: Readonly<Record<VsphereErrorKind, string>> = {
  'invalid-argument': 'correct the argument',
  'already-exists': 'choose another name',
  'not-allowed': "try again later, or first change what the server's text names",
  unauthenticated: 'check that the account may log in',
  'login-refused': 'correct user name and password; the next login is tried after a minute',
  'clock-skew': 'set the clocks of this machine, vCenter and the snapshot appliance by one time source',
  'unsupported-release': 'upgrade the snapshot appliance, or use a version of this client that supports it',
  forbidden: 'grant the account the privileges of this operation',
  'not-found': 'check that the object exists and is visible to the account',
  busy: 'try again later',
  unreachable: 'check address, port and network',
  tls: "check the server's certificate against ca, thumbprint and host name",
  interrupted: 'try again',
  'server-error': 'try again',
  malformed: 'check that the address leads to the right server and a supported release',
  'refused-by-guard': 'nothing was sent',
};

export interface MessageParts {
  readonly connection: string;
  readonly host: VsphereHost;
  readonly origin: string;
  readonly operation: string;
  readonly subject: string;
  readonly kind: VsphereErrorKind;
  readonly effect: VsphereEffect;
  readonly why: string;
  /** What to do, where it is known better than by the kind alone. */
  readonly remedy?: string | undefined;
}

/** One sentence: what failed, on which object, why, and what to do. */
export function errorMessage(parts: MessageParts): string {
  const { operation, subject, connection, host, origin, why, kind, effect } = parts;
  const about = subject === '' ? '' : ` of ${redact(subject, [])}`;
  const advice = parts.remedy ?? REMEDY[kind];
  const remedy = effect === 'possible' ? 'look whether it had its effect before trying again' : advice;
  return `${operation}${about} failed on ${host} ${origin} (connection ${connection}): ${why}; ${remedy}`;
}
