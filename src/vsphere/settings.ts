import { omitUndefined } from '../contract/omit-undefined';
import { EFFECT_TIMES } from '../contract/service';
import type { VsphereError, VsphereErrorKind, VsphereHost } from './errors';

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
   * SHA-256 of the server certificate, hexadecimal, with or without colons. One for each host when they differ. It is
   * compared before any byte is sent. Given alone it replaces the check of the certificate chain (a self-signed
   * certificate then needs no `ca`). With `ca` or `tlsVerify: true` both must hold.
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
  /** Reads per second, per host. More wait for their turn. Default 500. */
  maxCallsPerSecond?: number;
}

/** A setting of a connection that cannot be right. `why` completes a sentence that begins with the setting's name. */
export class SettingRefused extends TypeError {
  constructor(
    connection: string,
    readonly field: string,
    readonly why: string,
  ) {
    super(`${connection}.${field} ${why}`);
  }
}

/** 1000 tasks or 4000 VMs are below 2 MiB. More is no answer of these servers. */
const DEFAULT_MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** Polls are short: eight connections carry hundreds of them a second and stay far below any front end's limit. */
const DEFAULT_MAX_CONNECTIONS = 8;
/** What eight connections carry where a call takes 16 ms: a bound for crowds, not for one operation. */
const DEFAULT_MAX_CALLS_PER_SECOND = 500;

/** Settings of one of the two hosts, checked and with defaults filled in. */
export interface HostSettings {
  readonly connection: string;
  readonly host: VsphereHost;
  readonly origin: string;
  readonly secure: boolean;
  readonly ca?: string;
  readonly verifyChain: boolean;
  /** 64 capital hexadecimal digits. */
  readonly thumbprint?: string;
  readonly callDeadlineMs: number;
  readonly maxReplyBytes: number;
  readonly maxConnections: number;
  readonly maxCallsPerSecond: number;
}

/** Throws a `SettingRefused` that names the setting and what it should be. */
export function hostSettings(settings: VsphereSettings, host: VsphereHost): HostSettings {
  const field = host === 'vcenter' ? 'vcenterUrl' : 'applianceUrl';
  const url = originUrl(settings, field);
  const secure = url.protocol === 'https:';
  const thumbprint = thumbprintOf(settings, host);
  if (!secure) requirePlainAllowed(settings, url, field);
  return {
    connection: settings.name,
    host,
    origin: url.origin,
    secure,
    verifyChain: settings.tlsVerify ?? (thumbprint === undefined || settings.ca !== undefined),
    ...omitUndefined({ ca: settings.ca, thumbprint }),
    callDeadlineMs: positive(settings, 'callDeadlineMs', EFFECT_TIMES.callDeadlineMs),
    maxReplyBytes: positive(settings, 'maxReplyBytes', DEFAULT_MAX_REPLY_BYTES),
    maxConnections: positive(settings, 'maxConnections', DEFAULT_MAX_CONNECTIONS),
    maxCallsPerSecond: positive(settings, 'maxCallsPerSecond', DEFAULT_MAX_CALLS_PER_SECOND),
  };
}

function originUrl(settings: VsphereSettings, field: 'vcenterUrl' | 'applianceUrl'): URL {
  const text = settings[field];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url !== undefined &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  // The text itself may hold a password and is not repeated.
  if (!isOrigin)
    throw new SettingRefused(settings.name, field, 'is not an origin; give it like https://host.example:443');
  return url;
}

/** Over plain http anyone on the way reads the password: never by accident. */
function requirePlainAllowed(settings: VsphereSettings, url: URL, field: string): void {
  if (settings.thumbprint !== undefined || settings.ca !== undefined) {
    throw new SettingRefused(settings.name, field, `is ${url.origin}: thumbprint and ca need an https URL`);
  }
  const loopback = /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(url.hostname);
  if (!loopback && settings.tlsVerify !== false) {
    throw new SettingRefused(
      settings.name,
      field,
      `is ${url.origin}: use https, or spell out tlsVerify: false`,
    );
  }
}

function thumbprintOf(settings: VsphereSettings, host: VsphereHost): string | undefined {
  const given = settings.thumbprint;
  if (given === undefined) return undefined;
  const digits = (typeof given === 'string' ? given : given[host]).replaceAll(':', '').toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(digits)) {
    throw new SettingRefused(
      settings.name,
      'thumbprint',
      'is not a SHA-256 thumbprint; give 64 hexadecimal digits, colons allowed',
    );
  }
  return digits;
}

function positive(
  settings: VsphereSettings,
  field: 'callDeadlineMs' | 'maxReplyBytes' | 'maxConnections' | 'maxCallsPerSecond',
  fallback: number,
): number {
  const value = settings[field] ?? fallback;
  // Timers hold 31 bits. Nothing here is meant to be larger.
  if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return value;
  throw new SettingRefused(settings.name, field, `is ${value}; give a whole number above 0`);
}

const HOSTS: readonly VsphereHost[] = ['vcenter', 'appliance'];

/** What `openConnection` would refuse, all of it at once. Each field is named once. */
export function checkSettings(settings: VsphereSettings): readonly SettingRefused[] {
  const refused = HOSTS.flatMap((host) => refusalOf(settings, host));
  return [...new Map(refused.map((each) => [each.field, each])).values()];
}

function refusalOf(settings: VsphereSettings, host: VsphereHost): readonly SettingRefused[] {
  try {
    hostSettings(settings, host);
    return [];
  } catch (error) {
    if (error instanceof SettingRefused) return [error];
    throw error;
  }
}

/** Whom a connection logs in as, on both hosts. */
export type Account = Pick<VsphereSettings, 'username' | 'password'>;

/** Thrown by a function that gives a password, where what it read cannot be one. `why` completes "the password …". */
export class PasswordUnusable extends Error {
  constructor(readonly why: string) {
    super(`the password ${why}`);
  }
}

/** Of a call's failure what asking for a password needs. */
interface PasswordFailure {
  hidePassword(password: string): void;
  here(kind: VsphereErrorKind, why: string, remedy: (setting: string) => string): VsphereError;
}

/** The password as it is now, taken out of every text of this call from here on. */
export async function passwordOf({ password }: Account, failure: PasswordFailure): Promise<string> {
  const secret = typeof password === 'string' ? password : await ask(password, failure);
  failure.hidePassword(secret);
  return secret;
}

const READABLE = (): string =>
  'give the worker a passwordFile that it can read; the next login is tried after a minute';

async function ask(password: () => Promise<string>, failure: PasswordFailure): Promise<string> {
  try {
    return await password();
  } catch (error) {
    if (error instanceof PasswordUnusable) throw failure.here('login-refused', error.message, READABLE);
    // What it threw may hold the password, or what leads to it.
    throw failure.here('login-refused', 'the password could not be read', READABLE);
  }
}
