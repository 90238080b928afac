import { SettingRefused } from './setting-refused';
import type { VsphereSettings } from './settings';
import type { VsphereHost } from './vsphere-error';

/** Covers a busy vCenter's slow answers, and two such calls fit a Temporal attempt of half a minute. */
const DEFAULT_CALL_DEADLINE_MS = 10_000;
/** 1000 tasks or 4000 VMs are below 2 MiB; more is no answer of these servers. */
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
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    ...(thumbprint === undefined ? {} : { thumbprint }),
    callDeadlineMs: positive(settings, 'callDeadlineMs', DEFAULT_CALL_DEADLINE_MS),
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
  // Timers hold 31 bits; nothing here is meant to be larger.
  if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return value;
  throw new SettingRefused(settings.name, field, `is ${value}; give a whole number above 0`);
}
