import { redact } from './redaction';
import type { VsphereEffect, VsphereErrorKind, VsphereHost } from './vsphere-error';

const REMEDY: Readonly<Record<VsphereErrorKind, (setting: string) => string>> = {
  'invalid-argument': () => 'correct the argument',
  'already-exists': () => 'choose another name',
  'not-allowed': () => "try again later, or first change what the server's text names",
  unauthenticated: () => 'check that the account may log in',
  'login-refused': () =>
    "correct the connection's username and password, or unlock the account; the next login is tried after a minute",
  'clock-skew': () => 'set the clocks of this machine, vCenter and the snapshot appliance by one time source',
  'unsupported-release': () =>
    'upgrade the snapshot appliance, or use a version of this client that supports it',
  forbidden: () => 'grant the account the privileges of this operation',
  'not-found': () => 'check that the object exists and is visible to the account',
  busy: () => 'try again later',
  unreachable: (setting) => `check ${setting} and the network`,
  tls: (setting) =>
    `check that ${setting} leads to a TLS port, and its certificate against caFile, thumbprint and host name`,
  interrupted: (setting) => `try again, and check that ${setting} leads to the right server`,
  'server-error': () => 'try again',
  malformed: (setting) => `check that ${setting} leads to the right server and a supported release`,
  'refused-by-guard': () => 'nothing was sent',
};

/** A TLS server answers plain words by hanging up: nothing else tells the two apart. */
const MAYBE_TLS = 'check that the server speaks plain http there, else give https in ';

export interface MessageParts {
  readonly connection: string;
  readonly host: VsphereHost;
  readonly origin: string;
  readonly operation: string;
  readonly subject: string;
  readonly kind: VsphereErrorKind;
  readonly effect: VsphereEffect;
  readonly why: string;
  /** The server hung up instead of answering. */
  readonly isCutOff: boolean;
  /** What to do, where it is known better than by the kind alone; follows the name of the URL's setting. */
  readonly remedy?: ((setting: string) => string) | undefined;
}

/** One sentence: what failed, on which object, why, and what to do. */
export function errorMessage(parts: MessageParts): string {
  const { operation, subject, connection, host, origin, why } = parts;
  const about = subject === '' ? '' : ` of ${redact(subject, [])}`;
  return `${operation}${about} failed on ${host} ${origin} (connection ${connection}): ${why}; ${errorRemedy(parts)}.`;
}

/** One clause: what to do. */
export function errorRemedy({ kind, effect, host, origin, isCutOff, remedy }: MessageParts): string {
  if (effect === 'possible') return 'look whether it had its effect before trying again';
  const setting = `${host}Url`;
  if (remedy) return remedy(setting);
  const mayBeTls = kind === 'interrupted' && isCutOff && origin.startsWith('http:');
  return mayBeTls ? `${MAYBE_TLS}${setting}` : REMEDY[kind](setting);
}
